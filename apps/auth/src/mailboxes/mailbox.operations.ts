import { PosternError } from '@postern/errors';
import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { StatusGate } from '../accounts/index.ts';
import type { StageAccount, StageAccounts } from '../stages/index.ts';
import { fingerprintOf, type LinkKeys } from './link.keys.ts';

/** An address of somebody. */
export type Mailbox = { readonly email: string; readonly verified: boolean; readonly primary: boolean };

/** Why the directory refuses a change of addresses. */
export type MailboxRefusal =
  | 'EMAIL_ADDRESS_UNKNOWN'
  | 'EMAIL_ADDRESS_KNOWN'
  | 'EMAIL_ADDRESS_TAKEN'
  | 'EMAIL_ADDRESS_PRIMARY'
  | 'EMAIL_ADDRESS_UNVERIFIED'
  | 'EMAIL_ADDRESS_FIXED'
  | 'EMAIL_ADDRESSES_FULL';

/** What came of a change: the addresses that somebody has then, in the order in which they were added, or why it may not be. */
export type MailboxChange = { readonly mailboxes: readonly Mailbox[] } | { readonly refused: MailboxRefusal };

/** Addresses of people. Letters count the same in either case. */
export type Mailboxes = {
  /** In the order in which they were added. */
  list(tenant: string, user: number): Promise<readonly Mailbox[]>;
  /** Who has an address: whoever has shown that they read it, else whose primary one it is. */
  holderOf(tenant: string, email: string): Promise<StageAccount | undefined>;
  /** Whether somebody else has shown that they read it. */
  isTaken(tenant: string, user: number, email: string): Promise<boolean>;
  add(tenant: string, user: number, email: string): Promise<MailboxChange>;
  remove(tenant: string, user: number, email: string): Promise<MailboxChange>;
  makePrimary(tenant: string, user: number, email: string): Promise<MailboxChange>;
  /**
   * Notes that somebody has shown that they read an address; one that is not theirs yet is added. With `alone` it becomes the primary one, and
   * all others go. May be called again.
   */
  verify(tenant: string, user: number, email: string, options?: { readonly alone?: boolean }): Promise<MailboxChange>;
  /** Notes that somebody reads an address of theirs. One that somebody else has verified, or that they have no more, stays what it is. */
  noteRead(tenant: string, user: number, email: string): Promise<void>;
  /** The key of a link by which whoever opens it shows that they read an address. */
  keyFor(tenant: string, user: number, email: string, now: Date): string;
  /** Whose address a key stands for, while the address is unverified and its user may be signed in. */
  findByKey(tenant: string, key: string, now: Date, days: number): Promise<KeyHolder | undefined>;
};

/** Whose address a key stands for. */
export type KeyHolder = {
  readonly user: number;
  readonly email: string;
  readonly standing: NonNullable<Awaited<ReturnType<StatusGate['admit']>>>;
};

/** What addresses need. */
export type MailboxDeps = {
  readonly addresses: Client<directory.EmailAddressServiceDefinition>;
  readonly accounts: Pick<StageAccounts, 'findByIdentifier' | 'findByPk'>;
  readonly gate: Pick<StatusGate, 'admit'>;
  readonly keys: LinkKeys;
};

const DAY_SECONDS = 86_400;

/** Creates the use cases of addresses. */
export function createMailboxes({ addresses, accounts, gate, keys }: MailboxDeps): Mailboxes {
  const readerOf = async (tenant: string, email: string) =>
    (await addresses.findByVerifiedEmailAddress({ email }, asService(tenant))).user;
  const list = async (tenant: string, user: number) =>
    (await addresses.listEmailAddresses({ user }, asService(tenant))).addresses;

  async function verify(tenant: string, user: number, email: string, alone: boolean) {
    const origin = asService(tenant);
    const named = (await list(tenant, user)).find((one) => isSame(one.email, email));
    if (named === undefined) await addresses.addEmailAddress({ user, email, verified: true }, origin);
    else if (!named.verified) await addresses.verifyEmailAddress({ user, email }, origin);
    if (!alone) return { addresses: await list(tenant, user) };
    const { addresses: all } = await addresses.setPrimaryEmailAddress({ user, email }, origin);
    for (const other of all)
      if (!isSame(other.email, email)) await addresses.removeEmailAddress({ user, email: other.email }, origin);
    return { addresses: await list(tenant, user) };
  }

  return {
    list,
    async holderOf(tenant, email) {
      const reader = await readerOf(tenant, email);
      if (reader) return accounts.findByPk(tenant, reader.pk);
      return accounts.findByIdentifier(tenant, { fields: ['email'], value: email, ignoreCase: true });
    },
    async isTaken(tenant, user, email) {
      const reader = await readerOf(tenant, email);
      return reader !== undefined && reader.pk !== user;
    },
    add: (tenant, user, email) =>
      changed(addresses.addEmailAddress({ user, email, verified: false }, asService(tenant))),
    remove: (tenant, user, email) => changed(addresses.removeEmailAddress({ user, email }, asService(tenant))),
    makePrimary: (tenant, user, email) => changed(addresses.setPrimaryEmailAddress({ user, email }, asService(tenant))),
    verify: (tenant, user, email, { alone = false } = {}) => changed(verify(tenant, user, email, alone)),
    async noteRead(tenant, user, email) {
      try {
        await addresses.verifyEmailAddress({ user, email }, asService(tenant));
      } catch (error) {
        if (!(error instanceof PosternError && NOT_THEIRS.has(error.reason))) throw error;
      }
    },
    keyFor: keys.make,
    async findByKey(tenant, key, now, days) {
      const claim = keys.read(tenant, key, now, days * DAY_SECONDS);
      const standing = claim && (await gate.admit(tenant, claim.user));
      if (claim === undefined || standing === undefined) return undefined;
      const named = (await list(tenant, claim.user)).find(({ email }) => fingerprintOf(email) === claim.fingerprint);
      return named === undefined || named.verified ? undefined : { user: claim.user, email: named.email, standing };
    },
  };
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const NOT_THEIRS = new Set(['EMAIL_ADDRESS_UNKNOWN', 'EMAIL_ADDRESS_TAKEN', 'NOT_FOUND']);

const REFUSALS: readonly MailboxRefusal[] = [
  'EMAIL_ADDRESS_UNKNOWN',
  'EMAIL_ADDRESS_KNOWN',
  'EMAIL_ADDRESS_TAKEN',
  'EMAIL_ADDRESS_PRIMARY',
  'EMAIL_ADDRESS_UNVERIFIED',
  'EMAIL_ADDRESS_FIXED',
  'EMAIL_ADDRESSES_FULL',
];

async function changed(asked: Promise<directory.EmailAddresses>): Promise<MailboxChange> {
  try {
    return { mailboxes: (await asked).addresses };
  } catch (error) {
    const refused = error instanceof PosternError && REFUSALS.find((reason) => reason === error.reason);
    if (!refused) throw error;
    return { refused };
  }
}
