import { randomInt } from 'node:crypto';
import type { Database, EntityManager } from '@postern/database';
import { PosternError } from '@postern/errors';
import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { UsualTime } from '../lockout/index.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import type { Passwords } from '../passwords/index.ts';
import type { PhoneNumbers } from '../phones/index.ts';
import type { StageAccount, StageAccounts } from '../stages/index.ts';
import { RULES, type RuleProblem } from './rule.problems.ts';
import type { UnfinishedAccounts } from './unfinished.accounts.ts';
import { namesFor } from './user.names.ts';

/** Somebody who wants an account. What they give has passed the rules of its kind. */
export type Applicant = {
  /** Empty for one that is made of what else is known. */
  readonly username: string;
  /** Empty for none. */
  readonly email: string;
  /** Whether the address is believed to be read by them: an identity provider said so. Default: false. */
  readonly isVerified?: boolean;
  readonly name?: string;
  /** A number that is not verified yet. */
  readonly phone?: string;
  /** Empty for an account without a password. */
  readonly password: string;
  /** Hash of the password, where it was made before. */
  readonly hash?: string;
  /** Key of a group that they join; empty for none. */
  readonly group: string;
  /** Whether an address may be another's already, as long as nobody has verified it. */
  readonly mayShareAddress: boolean;
};

/** Somebody who has an account from now on. */
export type Registered = {
  readonly account: StageAccount;
  /** Keeps what this service knows of them, their password among it: to be called in the transaction that goes on with them. */
  keep(tx: EntityManager): Promise<void>;
  /** Takes the account away again, where that transaction failed. */
  undo(): Promise<void>;
};

/** What came of signing up. */
export type Registering =
  | { readonly kind: 'registered'; readonly registered: Registered }
  /** Somebody has the name, or the address. */
  | { readonly kind: 'refused'; readonly field: 'username' | 'email'; readonly problem: RuleProblem };

/** The hash of a password that was given all the same. */
export type Pretended = { readonly hash?: string };

/** Signing people up: the one place that does it. */
export type Registration = {
  register(tenant: string, applicant: Applicant): Promise<Registering>;
  /** Takes as long as registering somebody does, and registers nobody: where the answer must not tell that there is an account. */
  pretend(tenant: string, applicant: Pick<Applicant, 'email' | 'password' | 'mayShareAddress'>): Promise<Pretended>;
  /** Whether somebody has a user name, in whatever case. */
  isUsernameTaken(tenant: string, username: string): Promise<boolean>;
};

/** What registering needs. */
export type RegistrationDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly users: Pick<Client<directory.UserServiceDefinition>, 'createUser'>;
  readonly unfinished: Pick<UnfinishedAccounts, 'remove'>;
  readonly addresses: Pick<Client<directory.EmailAddressServiceDefinition>, 'verifyEmailAddress'>;
  readonly accounts: Pick<StageAccounts, 'findByIdentifier' | 'remember'>;
  readonly mailboxes: Pick<Mailboxes, 'holderOf'>;
  readonly passwords: Pick<Passwords, 'hash' | 'set'>;
  readonly phones: Pick<PhoneNumbers, 'keep'>;
  /** How long making an account takes. */
  readonly usualTime: UsualTime;
};

/** Creates the use cases. */
export function createRegistration(deps: RegistrationDeps): Registration {
  const { database, accounts, passwords, usualTime } = deps;
  const isUsernameTaken = async (tenant: string, value: string) =>
    (await accounts.findByIdentifier(tenant, { fields: ['username'], value, ignoreCase: true })) !== undefined;

  return {
    isUsernameTaken,
    async register(tenant, applicant) {
      const { password } = applicant;
      const hash = applicant.hash ?? (password === '' ? undefined : await passwords.hash(password));
      return database.write({ tenant }, async (em): Promise<Registering> => {
        await alone(em, applicant);
        const { username } = applicant;
        if (username !== '' && (await isUsernameTaken(tenant, username)))
          return { kind: 'refused', field: 'username', problem: RULES.username_taken };
        if (await isAddressTaken(deps, tenant, applicant))
          return { kind: 'refused', field: 'email', problem: RULES.email_taken };
        const made = await usualTime.measure(() => create(deps, tenant, applicant, isUsernameTaken));
        if (made === undefined) return { kind: 'refused', field: 'username', problem: RULES.username_taken };
        return { kind: 'registered', registered: registered(deps, tenant, made, { hash, phone: applicant.phone }) };
      });
    },
    async pretend(tenant, applicant) {
      const { password } = applicant;
      const made = password === '' ? {} : { hash: await passwords.hash(password) };
      await isAddressTaken(deps, tenant, applicant);
      await usualTime.wait();
      return made;
    },
  };
}

/** Whoever signs up with the same name or address at the same moment waits: the directory tells names apart by their case, people do not. */
async function alone(em: EntityManager, { username, email }: Applicant): Promise<void> {
  const names = [`username ${username.toLowerCase()}`, `email ${email.toLowerCase()}`].sort();
  for (const name of names)
    await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`sign-up ${name}`]);
}

async function isAddressTaken(
  { mailboxes }: Pick<RegistrationDeps, 'mailboxes'>,
  tenant: string,
  { email, mayShareAddress }: Pick<Applicant, 'email' | 'mayShareAddress'>,
): Promise<boolean> {
  if (email === '') return false;
  const holder = await mailboxes.holderOf(tenant, email);
  return holder !== undefined && !mayShareAddress;
}

/** Makes the user in the directory; undefined when somebody has the name. */
async function create(
  deps: RegistrationDeps,
  tenant: string,
  { username, email, name = '', group, isVerified = false }: Applicant,
  isTaken: (tenant: string, username: string) => Promise<boolean>,
): Promise<StageAccount | undefined> {
  const names = username === '' ? namesFor([email, name], (most) => randomInt(most)) : [username];
  for (const one of names) {
    if (username === '' && (await isTaken(tenant, one))) continue;
    const user = { username: one, name, email, is_active: true, path: 'users', type: 'external' };
    const made = await createUser(deps, tenant, { ...user, groups: group === '' ? [] : [group] });
    if (made === undefined) continue;
    if (isVerified && email !== '') await believe(deps, tenant, made.pk, email);
    return made;
  }
  return undefined;
}

/** Notes that a new account reads its address. There is no account where that cannot be. */
async function believe(
  { addresses, unfinished }: Pick<RegistrationDeps, 'addresses' | 'unfinished'>,
  tenant: string,
  user: number,
  email: string,
): Promise<void> {
  try {
    await addresses.verifyEmailAddress({ user, email }, asService(tenant));
  } catch (error) {
    await unfinished.remove(tenant, user);
    throw error;
  }
}

type NewUser = Parameters<RegistrationDeps['users']['createUser']>[0]['user'];

async function createUser(
  { users }: RegistrationDeps,
  tenant: string,
  user: NewUser,
): Promise<StageAccount | undefined> {
  try {
    const { pk, uuid, username, name, email, type, is_active } = await users.createUser({ user }, asService(tenant));
    return { pk, uuid, username, name, email, type, isActive: is_active };
  } catch (error) {
    if (error instanceof PosternError && error.reason === 'USERNAME_TAKEN') return undefined;
    throw error;
  }
}

function registered(
  { accounts, passwords, phones, unfinished }: RegistrationDeps,
  tenant: string,
  account: StageAccount,
  { hash, phone }: { readonly hash: string | undefined; readonly phone: string | undefined },
): Registered {
  const { pk } = account;
  return {
    account,
    async keep(tx) {
      await accounts.remember(tx, account);
      if (hash !== undefined) await passwords.set(tx, pk, hash, { firstOnly: false, isNew: true });
      if (phone !== undefined) await phones.keep(tx, { user: pk, phone, verified: false }, true);
    },
    undo: () => unfinished.remove(tenant, pk),
  };
}
