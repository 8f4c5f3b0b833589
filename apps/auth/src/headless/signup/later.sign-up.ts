import { phoneVerified } from '../../phones/index.ts';
import type { Applicant } from '../../registration/index.ts';
import { sessionContext } from '../../sessions/index.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import type { Login } from '../headless.state.ts';
import type { Visit } from '../headless.visit.ts';
import { sentCodeIn } from '../sent.code.ts';
import { isSomebodys } from './sign-up.ts';

/** What a login is from now on, whose address or number became another one. */
export type Joined = Partial<Pick<Login, 'user' | 'applicant'>>;

/**
 * Whoever only seemed to sign up, since somebody has the address or the number that they gave, signs up once neither is somebody's. Everybody
 * else takes as long: neither the answer, nor its time, nor a mail or message that comes or does not, tells of what they gave before.
 */
export async function signUpLater(
  parts: HeadlessParts,
  visit: Visit,
  login: Login,
  moved: { readonly email: string } | { readonly phone: string },
): Promise<Joined> {
  const { tenant } = visit;
  const memory =
    login.user === undefined && login.applicant !== undefined ? { ...login.applicant, ...moved } : undefined;
  const applicant = memory && applicantIn(memory);
  const { email = '', phone = '' } = applicant ?? {};
  if (applicant === undefined || (await isSomebodys(parts, visit, { email, phone }))) {
    await parts.registration.pretend(tenant, { email, password: '', mayShareAddress: false });
    return memory === undefined ? {} : { applicant: memory };
  }
  const made = await parts.registration.register(tenant, applicant);
  // Their name is somebody's meanwhile.
  if (made.kind === 'refused') return { applicant: memory };
  const { account, keep, undo } = made.registered;
  visit.undo.push(undo);
  visit.effects.unshift(keep);
  noteShown(parts, visit, login, account);
  return { user: account.pk };
}

/** What they had shown before is theirs as well: a code came back from their number, or their address. */
function noteShown(
  { phones, mailboxes, outbox }: HeadlessParts,
  { tenant, client, effects, finishing }: Visit,
  { passed, memory, methods }: Login,
  account: Parameters<typeof phoneVerified>[0] & Parameters<typeof sessionContext>[1],
): void {
  const user = account.pk;
  const phone = passed.includes('verify_phone') ? sentCodeIn(memory.verify_phone)?.phone : undefined;
  if (phone !== undefined)
    effects.push(async (tx) => {
      // Somebody else may have shown meanwhile that it is theirs.
      if (await phones.keep(tx, { user, phone, verified: true }))
        await outbox.record(tx, sessionContext(tenant, account, client), phoneVerified(account));
    });
  const read = methods.find(({ method }) => method === 'code')?.email;
  if (typeof read === 'string') finishing.push(() => mailboxes.noteRead(tenant, user, read));
}

function applicantIn(memory: NonNullable<Login['applicant']>): Applicant {
  const { username, name, email, phone, hash, group, mayShareAddress } = memory;
  return {
    username: String(username ?? ''),
    name: String(name ?? ''),
    email: String(email ?? ''),
    ...(typeof phone === 'string' && { phone }),
    ...(typeof hash === 'string' && { hash }),
    password: '',
    group: String(group ?? ''),
    mayShareAddress: mayShareAddress === true,
  };
}
