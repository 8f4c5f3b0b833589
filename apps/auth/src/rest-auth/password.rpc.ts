import { common } from '@postern/errors';
import { auth } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { requireThemselves } from '../accounts/index.ts';
import { frontendUrl, type Visit } from '../headless/index.ts';
import { sessionContext } from '../sessions/index.ts';
import { checkForm } from './form.rules.ts';
import { newPasswordOf } from './new.password.ts';
import { accountOf, callerOf } from './rest.caller.ts';
import { restAuthErrors } from './rest.errors.ts';
import type { RestParts } from './rest.parts.ts';

/** Serves passwords. */
export function createRestPasswordRpc(parts: RestParts): BoundService {
  const { visits } = parts;
  return bind(auth.RestPasswordServiceDefinition, {
    async changeRestPassword({ password }, call) {
      requireThemselves(call);
      const given = password ?? auth.RestPasswordChange.create();
      await visits.run(call, (visit) => change(parts, visit, given, call));
      return { detail: 'New password has been saved.' };
    },
    async resetRestPassword({ reset }, call) {
      const check = checkForm();
      const email = check.text('email', reset?.email ?? '');
      check.address('email', email);
      check.done();
      await visits.run(call, (visit) => ask(parts, visit, email));
      return { detail: 'Password reset e-mail has been sent.' };
    },
    async confirmRestPassword({ confirm }, call) {
      const given = confirm ?? auth.RestPasswordResetConfirm.create();
      await visits.run(call, (visit) => redeem(parts, visit, given));
      return { detail: 'Password has been reset with the new password.' };
    },
  });
}

/** Their other sessions end; the one of the request, if it came with one, goes on under another secret. Tokens go on. */
async function change(parts: RestParts, visit: Visit, given: auth.RestPasswordChange, call: Call): Promise<void> {
  const caller = callerOf(call);
  const account = accountOf(caller);
  if (!(await parts.limits.use({ ...visit, person: account }, 'change_password')))
    throw restAuthErrors.REST_THROTTLED();
  const password = await newPasswordOf(parts, checkForm(), given, account);
  const hash = await parts.passwords.hash(password);
  const { tenant, client, settings, now, person } = visit;
  const had = await parts.passwords.changed(tenant, account.pk);
  const context = sessionContext(tenant, account, client);
  visit.effects.push(async (tx) => {
    await parts.resets.set(tx, account, hash, { keepSession: caller.session }, context);
    if (!settings.email_notifications || account.email === '') return;
    const kind = had === undefined ? 'password_set' : 'password_changed';
    await parts.notices.tell(tx, { tenant, kind, to: account.email, client, at: now });
  });
  // A token may come with the cookies of somebody else.
  if (caller.via === 'session' && person?.session === caller.session) visit.ending = { kind: 'cycle' };
}

const KEY = '__uid__-__token__';

/** Nobody is looked for before the answer. */
async function ask(parts: RestParts, visit: Visit, email: string): Promise<void> {
  const { tenant, settings, client, now } = visit;
  if (!settings.password_reset_enabled) throw common.PERMISSION_DENIED();
  if (!(await parts.limits.use(visit, 'reset_password', email))) throw restAuthErrors.REST_THROTTLED();
  const page = frontendUrl(settings, parts.siteOf(visit), 'account_reset_password_from_key', KEY)
    .replaceAll(/%7Buid%7D|\{uid\}/g, '__uid__')
    .replaceAll(/%7Btoken%7D|\{token\}/g, '__token__');
  const expires = new Date(now.getTime() + settings.password_reset_timeout * 1000);
  const request = { email, host: client.host, by: { page }, expires };
  visit.effects.push((tx) => parts.resets.ask(tx, tenant, request));
}

const UID = /^[0-9a-z]{1,6}$/;
const INVALID = 'Invalid value';

/** Who it is about first, then the key, then the password: what comes later is not told before. Throws field errors. */
async function redeem(parts: RestParts, visit: Visit, given: auth.RestPasswordResetConfirm): Promise<void> {
  const { tenant, settings, client } = visit;
  if (!settings.password_reset_enabled) throw common.PERMISSION_DENIED();
  if (!(await parts.limits.use(visit, 'reset_password_from_key'))) throw restAuthErrors.REST_THROTTLED();
  const check = checkForm();
  const uid = check.text('uid', given.uid);
  const token = check.text('token', given.token);
  check.text('new_password1', given.new_password1);
  check.text('new_password2', given.new_password2);
  check.done();
  const account = UID.test(uid) ? await parts.accounts.findByPk(tenant, Number.parseInt(uid, 36)) : undefined;
  if (account === undefined) check.wrong('uid', INVALID);
  check.done();
  const grant = await parts.resets.open(tenant, `${uid}-${token}`, settings.password_reset_timeout);
  const refuse = () => {
    check.wrong('token', INVALID);
    check.done();
  };
  if (grant === undefined) return refuse();
  const password = await newPasswordOf(parts, checkForm(), given, grant.account);
  const hash = await parts.passwords.hash(password);
  visit.effects.push(async (tx) => {
    const context = sessionContext(tenant, grant.account, client);
    if (!(await parts.resets.redeem(tx, grant, hash, context))) refuse();
  });
}
