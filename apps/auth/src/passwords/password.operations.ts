import { randomBytes } from 'node:crypto';
import { type Database, type EntityManager, tenantOf } from '@postern/database';
import { type EventContext, fact, type Outbox } from '@postern/messaging';
import { type AccountFacts, accountsIn } from '../accounts/index.ts';
import type { Attempts, UsualTime } from '../lockout/index.ts';
import type { FlowTransaction, JsonObject } from '../plans/index.ts';
import type { Attempt, PasswordProof, StagePasswords } from '../stages/index.ts';
import { passwordErrors } from './password.errors.ts';
import { PASSWORD_SET } from './password.events.ts';
import type { PasswordHasher } from './password.hasher.ts';
import { passwordsIn } from './password.repository.ts';

/** Backends that a password stage may name. */
export const INBUILT_BACKEND = 'authentik.core.auth.InbuiltBackend';
export const TOKEN_BACKEND = 'authentik.core.auth.TokenBackend';

/** What passwords need. */
export type PasswordDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  /** Counts what is tried. */
  readonly attempts: Pick<Attempts, 'reserveIn' | 'succeeded' | 'gaveUp'>;
  /** How long a hash takes, for what is not hashed. */
  readonly usualTime: UsualTime;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly hasher: PasswordHasher;
  /** The app password of an account with this secret, as an event names it. */
  readonly findAppPassword: (em: EntityManager, user: number, secret: string) => Promise<JsonObject | undefined>;
  /** Ends the sessions of an account, but for one. */
  readonly endSessions: (
    em: EntityManager,
    user: number,
    options: { readonly except?: string },
    context: EventContext,
  ) => Promise<void>;
};

/** Passwords, as flows and the directory use them. */
export type Passwords = StagePasswords & {
  /** Tries a password where no plan goes on with it: what the attempt had counted is taken back at once. */
  readonly prove: StagePasswords['verify'];
  /** Sets a hash, or takes the password away (undefined), tells of it, and ends the other sessions. */
  readonly change: (
    em: EntityManager,
    user: AccountFacts,
    hash: string | undefined,
    options: { readonly keepSession?: string | undefined },
    context: EventContext,
  ) => Promise<void>;
  /** When a password was set; undefined for somebody without one. */
  readonly changed: (tenant: string, user: number) => Promise<Date | undefined>;
  /** Takes a password out of use for good: nobody knows what it is now, its sessions end, and its age stays what it is. */
  readonly retire: (tenant: string, user: number) => Promise<void>;
};

/** Creates the use cases of passwords. */
export function createPasswords(deps: PasswordDeps): Passwords {
  const { hasher, outbox, endSessions } = deps;

  async function tell(
    em: EntityManager,
    user: AccountFacts,
    usable: boolean,
    keepSession: string | undefined,
    context: EventContext,
  ) {
    await outbox.record(em, context, fact(PASSWORD_SET, { user: { ...user, path: '' }, usable }));
    await endSessions(em, user.pk, keepSession === undefined ? {} : { except: keepSession }, context);
  }

  const verified: StagePasswords['verify'] = (tenant, account, password, backends, from) =>
    verify(deps, { tenant, account, password, backends, from });
  return {
    verify: verified,
    async prove(tenant, ...attempt) {
      const proof = await verified(tenant, ...attempt);
      if (proof) await deps.database.write({ tenant }, proof.settle);
      return proof;
    },
    hash: (password) => hasher.hash(password),
    async set(tx, account, encodedHash, { firstOnly, isNew = false, keepSession }) {
      const user = await accountsIn(tx).find(account);
      if (!user || !(await passwordsIn(tx).store(account, encodedHash, { firstOnly }))) return false;
      if (!isNew) await tell(tx, user, true, keepSession, { tenant: tenantOf(tx) });
      return true;
    },
    async change(em, user, hash, { keepSession }, context) {
      if (hash === undefined) await passwordsIn(em).remove(user.pk);
      else await passwordsIn(em).store(user.pk, hash, { firstOnly: false });
      await tell(em, user, hash !== undefined, keepSession, context);
    },
    changed: (tenant, user) =>
      deps.database.read({ tenant }, async (em) => (await passwordsIn(em).findAge(user))?.changed),
    async retire(tenant, pk) {
      const age = await deps.database.read({ tenant }, (em) => passwordsIn(em).findAge(pk));
      if (age === undefined || age.retired) return;
      const hash = await hasher.hash(randomBytes(32).toString('base64'));
      await deps.database.write({ tenant }, async (em) => {
        const user = await accountsIn(em).find(pk);
        if (user && (await passwordsIn(em).retire(pk, hash))) await tell(em, user, false, undefined, { tenant });
      });
    },
  };
}

type Trial = {
  readonly tenant: string;
  readonly account: Parameters<StagePasswords['verify']>[1];
  readonly password: string;
  readonly backends: readonly string[];
  readonly from: Parameters<StagePasswords['verify']>[4];
};

/** Whoever it is about, known or not: counted first, then the same two look-ups and one hash. */
async function verify(deps: PasswordDeps, trial: Trial): Promise<PasswordProof | undefined> {
  const { hasher, attempts, usualTime } = deps;
  const { tenant, password, backends } = trial;
  const attempt = attemptOf(trial);
  const { verdict, hash, token } = await begin(deps, trial, attempt);
  const settle = (tx: FlowTransaction) => attempts.succeeded(tx, tenant, attempt);
  const byToken = { backend: TOKEN_BACKEND, method: 'token', args: { token: token ?? {} } };
  if (verdict === 'refused') {
    // Nobody comes upon such a secret by trying: a machine that has it is not locked out by those who try passwords.
    if (token !== undefined && password.length >= UNGUESSABLE) return { ...byToken, settle: async () => undefined };
    await usualTime.wait();
    return undefined;
  }
  const target = backends.includes(INBUILT_BACKEND) ? hash : undefined;
  const fits = await usualTime
    .measure(() => hasher.verify(target, password))
    .catch((error) => giveBack(deps, trial, attempt, error));
  if (fits) {
    if (target !== undefined) await renew(deps, { tenant, user: attempt.user ?? NOBODY, password, before: target });
    return { backend: INBUILT_BACKEND, method: 'password', args: {}, settle };
  }
  return token === undefined ? undefined : { ...byToken, settle };
}

/** Characters of a secret that was made by a machine. */
const UNGUESSABLE = 40;

function attemptOf({ account, from: { name, client } }: Trial): Attempt {
  return { kind: 'password', user: account?.pk, name, client };
}

/** Counts the attempt and reads what it is compared with, in one transaction that is over before anything is compared. */
function begin({ database, attempts, findAppPassword }: PasswordDeps, trial: Trial, attempt: Attempt) {
  const { tenant, account, password, backends } = trial;
  const user = account?.isActive === true ? account.pk : NOBODY;
  return database.write({ tenant }, async (em) => {
    const verdict = await attempts.reserveIn(em, tenant, attempt);
    const hash = await passwordsIn(em).findHash(user);
    const token = await findAppPassword(em, user, password);
    return { verdict, hash, token: backends.includes(TOKEN_BACKEND) ? token : undefined };
  });
}

/** An attempt that was not looked at, because too many wait, was none. */
async function giveBack({ database, attempts }: PasswordDeps, { tenant }: Trial, attempt: Attempt, error: unknown) {
  if (passwordErrors.SIGN_IN_OVERLOADED.is(error))
    await database.write({ tenant }, (em) => attempts.gaveUp(em, tenant, attempt));
  throw error;
}

const NOBODY = 0;

/** Stores a better hash while the password is at hand. Failing to is no reason to refuse the sign-in. */
async function renew(
  { database, hasher }: PasswordDeps,
  { tenant, user, password, before }: { tenant: string; user: number; password: string; before: string },
): Promise<void> {
  if (!hasher.isOutdated(before)) return;
  try {
    const hash = await hasher.hash(password);
    await database.write({ tenant }, (em) => passwordsIn(em).replace(user, before, hash));
  } catch (error) {
    if (!passwordErrors.SIGN_IN_OVERLOADED.is(error)) throw error;
  }
}
