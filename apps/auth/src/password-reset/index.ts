/**
 * Passwords that were forgotten: a mail with a link or a code, and another password. Keys of links are stored nowhere; they are bound to what
 * a new password changes. Choosing one ends all sessions. This knows nothing of who asks: the headless API and the REST auth API both do.
 */

import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import type { EventContext, Outbox } from '@postern/messaging';
import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import { type AccountFacts, accountsIn } from '../accounts/index.ts';
import type { AccountMails } from '../mailboxes/index.ts';
import { type Passwords, passwordsIn } from '../passwords/index.ts';
import type { StageAccount } from '../stages/index.ts';
import { createPersonFinder, type PersonFinderDeps } from './person.finder.ts';
import { createResetKeys, type ReadKey, type ResetSubject } from './reset.keys.ts';
import { createResetMails, type ResetMails } from './reset.mails.ts';

export type { ResetRequest } from './reset.mails.ts';

/** What a key lets somebody do, as long as nothing changes. */
export type ResetGrant = {
  readonly account: StageAccount;
  readonly key: ReadKey;
  readonly email: string;
  readonly addresses: readonly string[];
};

/** What resets need. */
export type PasswordResetDeps = PersonFinderDeps & {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly secrets: readonly string[];
  readonly clock: { now(): Date };
  readonly passwords: Pick<Passwords, 'change'>;
  readonly mails: Pick<AccountMails, 'send'>;
  readonly addresses: Pick<Client<directory.EmailAddressServiceDefinition>, 'listEmailAddresses'>;
};

/** Passwords that were forgotten. */
export type PasswordResets = {
  /** Asks for a mail, in the transaction. It costs the same whoever has the address. */
  readonly ask: ResetMails['ask'];
  /** Those who may choose a password by way of an address: whoever showed that they read it, else all who go by it. */
  readonly findPeople: (tenant: string, email: string) => Promise<readonly StageAccount[]>;
  /** What a key allows; undefined for one that is wrong, older than that many seconds, used, or of somebody who may not sign in. */
  readonly open: (tenant: string, key: string, lifetime: number) => Promise<ResetGrant | undefined>;
  /** A key for somebody, as links carry it: `<uid>-<token>`. */
  readonly keyFor: (tenant: string, account: StageAccount) => Promise<string>;
  /** Sets the password of a grant and ends all sessions of the account. False, and nothing done, when the key was used meanwhile. */
  readonly redeem: (tx: EntityManager, grant: ResetGrant, hash: string, context: EventContext) => Promise<boolean>;
  /** Sets somebody's password and ends their sessions, but for one. */
  readonly set: (
    tx: EntityManager,
    account: StageAccount,
    hash: string,
    options: { readonly keepSession?: string | undefined },
    context: EventContext,
  ) => Promise<void>;
  /**
   * The same, unless the password has changed since the time given (undefined: since there was none). False, and nothing done, when it has: of
   * many who change one password at once, one does.
   */
  readonly replace: (
    tx: EntityManager,
    account: StageAccount,
    hash: string,
    options: { readonly keepSession?: string | undefined; readonly since: Date | undefined },
    context: EventContext,
  ) => Promise<boolean>;
  readonly job: ResetMails['job'];
};

/** Creates resets. */
export function createPasswordResets(deps: PasswordResetDeps): PasswordResets {
  const { database, outbox, secrets, clock, accounts, passwords, mails, addresses } = deps;
  const keys = createResetKeys({ secrets, clock });
  const findPeople = createPersonFinder(deps);

  async function addressesOf(tenant: string, user: number): Promise<readonly string[]> {
    try {
      const listed = await addresses.listEmailAddresses({ user }, asService(tenant));
      return listed.addresses.map(({ email }) => email);
    } catch (error) {
      if (common.NOT_FOUND.is(error)) return [];
      throw error;
    }
  }

  async function keyFor(tenant: string, account: StageAccount): Promise<string> {
    const listed = await addressesOf(tenant, account.pk);
    const subject = await database.read({ tenant }, (em) => subjectIn(em, { ...account, addresses: listed }, false));
    return keys.make(tenant, subject);
  }

  const set: PasswordResets['set'] = async (tx, account, hash, options, context) => {
    const user = factsOf(account);
    await accountsIn(tx).keep(user);
    await passwords.change(tx, user, hash, options, context);
  };

  const asking = createResetMails({ database, outbox, mails, findPeople, keyFor });
  return {
    ...asking,
    findPeople,
    keyFor,
    set,
    async replace(tx, account, hash, { since, keepSession }, context) {
      await accountsIn(tx).keep(factsOf(account));
      await accountsIn(tx).lockLogin(account.pk);
      const age = await passwordsIn(tx).findAge(account.pk);
      if (age?.changed.getTime() !== since?.getTime()) return false;
      await set(tx, account, hash, { keepSession }, context);
      return true;
    },
    async open(tenant, text, lifetime) {
      const key = keys.read(text, lifetime);
      const account = key && (await accounts.findByPk(tenant, key.user));
      if (!key || !account?.isActive) return undefined;
      const grant = { account, key, email: account.email, addresses: await addressesOf(tenant, account.pk) };
      const subject = await database.read({ tenant }, (em) => subjectIn(em, { ...account, ...grant }, false));
      return keys.fits(tenant, subject, key) ? grant : undefined;
    },
    async redeem(tx, grant, hash, context) {
      const { account, key } = grant;
      // There has to be a row to wait for.
      await accountsIn(tx).keep(factsOf(account));
      const subject = await subjectIn(tx, { ...account, ...grant }, true);
      if (!keys.fits(context.tenant ?? '', subject, key)) return false;
      await set(tx, account, hash, {}, context);
      return true;
    },
  };
}

function factsOf({ isActive, ...facts }: StageAccount): AccountFacts {
  return { ...facts, is_active: isActive };
}

/** What keys of somebody are bound to now; with `isLocked` nobody changes it before the transaction is over. */
async function subjectIn(
  em: EntityManager,
  { pk, email, addresses }: { readonly pk: number; readonly email: string; readonly addresses: readonly string[] },
  isLocked: boolean,
): Promise<ResetSubject> {
  const lastLogin = await (isLocked ? accountsIn(em).lockLogin(pk) : accountsIn(em).findLogin(pk));
  const hash = (await passwordsIn(em).findHash(pk)) ?? '';
  return { user: pk, hash, lastLogin, email, addresses };
}
