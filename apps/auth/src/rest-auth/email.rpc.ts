import { common, invalidField, PosternError } from '@postern/errors';
import { auth, type directory } from '@postern/proto';
import { asService, type BoundService, bind, type Call } from '@postern/rpc';
import { requireThemselves } from '../accounts/index.ts';
import type { Visit } from '../headless/index.ts';
import { checkForm, wrongAsAWhole } from './form.rules.ts';
import { callerOf, partOfList } from './rest.caller.ts';
import { restAuthErrors } from './rest.errors.ts';
import type { RestParts } from './rest.parts.ts';
import { sendVerification } from './verification.mail.ts';

/** Serves the addresses of callers. */
export function createRestEmailRpc(parts: RestParts): BoundService {
  const { addresses, visits, limits } = parts;
  const list = async (call: Call) => {
    const user = callerOf(call).user.pk;
    return (await addresses.listEmailAddresses({ user }, asService(call.context.tenant, call))).addresses;
  };
  const find = async (id: number, call: Call) => {
    const found = (await list(call)).find((one) => one.id === id);
    if (found === undefined) throw common.NOT_FOUND();
    return found;
  };
  /** Does something that is counted. Throws REST_THROTTLED, IMPERSONATING. */
  const counted = <Result>(call: Call, work: (visit: Visit) => Promise<Result>) =>
    visits.run(call, async (visit) => {
      // Whoever reads an address of somebody can choose their password.
      requireThemselves(call);
      const subject = { ...visit, person: callerOf(call).user };
      if (!(await limits.use(subject, 'manage_email'))) throw restAuthErrors.REST_THROTTLED();
      return work(visit);
    });

  return bind(auth.RestEmailAddressServiceDefinition, {
    async listRestEmailAddresses(request, call) {
      const shown = (await list(call)).map((address) => encode(address, call));
      return { next: undefined, previous: undefined, ...partOfList(shown, request) };
    },
    async addRestEmailAddress({ address }, call) {
      const { email, user } = address ?? auth.RestEmailAddress.create();
      const caller = callerOf(call).user.pk;
      const given = emailOf({ email, user }, caller);
      const all = await counted(call, async ({ settings }) => {
        const most = settings.max_email_addresses;
        if (most > 0 && (await list(call)).length >= most)
          throw invalidField('email', `You cannot add more than ${most} email addresses.`);
        const origin = asService(call.context.tenant, call);
        const request = { user: caller, email: given, verified: false };
        return addresses.addEmailAddress(request, origin).catch(knownTwice);
      });
      const added = all.addresses.find((one) => one.email.toLowerCase() === given.toLowerCase());
      if (added === undefined) throw common.ABORTED();
      return encode(added, call);
    },
    async setPrimaryRestEmailAddress({ id }, call) {
      const { email } = await find(id, call);
      const request = { user: callerOf(call).user.pk, email };
      await counted(call, () => addresses.setPrimaryEmailAddress(request, asService(call.context.tenant, call)));
      return encode(await find(id, call), call);
    },
    async removeRestEmailAddress({ id }, call) {
      const address = await find(id, call);
      const request = { user: callerOf(call).user.pk, email: address.email, succeeded: true };
      await counted(call, () => addresses.removeEmailAddress(request, asService(call.context.tenant, call)));
      return { ...encode(address, call), id: undefined };
    },
    async verifyRestEmailAddress({ id }, call) {
      const address = await find(id, call);
      const { user } = callerOf(call);
      if (!address.verified)
        await counted(call, (visit) => sendVerification(parts, visit, { user, email: address.email }));
      return encode(address, call);
    },
  });
}

/** Throws field errors. */
function emailOf({ email, user }: Pick<auth.RestEmailAddress, 'email' | 'user'>, caller: number): string {
  const check = checkForm();
  const given = check.text('email', email);
  check.address('email', given);
  if (user !== caller) check.wrong('user', `Invalid pk "${user}" - object does not exist.`);
  check.done();
  return given;
}

function knownTwice(error: unknown): never {
  if (error instanceof PosternError && error.reason === 'EMAIL_ADDRESS_KNOWN')
    throw wrongAsAWhole('The fields user, email must make a unique set.');
  throw error;
}

function encode({ id, email, verified, primary }: directory.EmailAddress, call: Call): auth.RestEmailAddress {
  return { id, email, verified, primary, user: callerOf(call).user.pk };
}
