import type { Database, EntityManager } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { mergeAttributes } from '../attributes/index.ts';
import { ancestryOf } from '../memberships/index.ts';
import { lockUser, type UserEntity, userFacts, userUpdated } from '../users/index.ts';
import { emailAddressErrors } from './email-address.errors.ts';
import { emailAddressesChanged } from './email-address.events.ts';
import {
  addAddress,
  addressesOf,
  type EmailAddressRow,
  getAddress,
  markVerified,
  removeAddress,
} from './email-address.repository.ts';

/** What changing addresses needs. */
export type EmailAddressDeps = { readonly db: Database; readonly outbox: Outbox };

/** Changes of addresses, each one transaction with its facts; each answers all addresses of the user. Throws NOT_FOUND and what is named. */
export type EmailAddressOperations = {
  /** Throws EMAIL_ADDRESS_FIXED, EMAIL_ADDRESS_KNOWN, EMAIL_ADDRESS_TAKEN, EMAIL_ADDRESSES_FULL. */
  add(user: number, email: string, verified: boolean, call: Call): Promise<EmailAddressRow[]>;
  /** `isSucceeded`: another address takes the place of the primary one. Throws EMAIL_ADDRESS_FIXED, EMAIL_ADDRESS_UNKNOWN, EMAIL_ADDRESS_PRIMARY. */
  remove(user: number, email: string, isSucceeded: boolean, call: Call): Promise<EmailAddressRow[]>;
  /** Throws EMAIL_ADDRESS_FIXED, EMAIL_ADDRESS_UNKNOWN, EMAIL_ADDRESS_UNVERIFIED. */
  setPrimary(user: number, email: string, call: Call): Promise<EmailAddressRow[]>;
  /** Throws EMAIL_ADDRESS_UNKNOWN, EMAIL_ADDRESS_TAKEN. */
  verify(user: number, email: string, call: Call): Promise<EmailAddressRow[]>;
};

/** Addresses of one user: more than anybody reads. */
const MOST = 50;

const CAN_CHANGE = 'goauthentik.io/user/can-change-email';

/** Whoever has an address keeps it where that is said of them, or of a group of theirs. Throws EMAIL_ADDRESS_FIXED. */
async function requireChangeable(em: EntityManager, user: UserEntity): Promise<void> {
  const groups = (await ancestryOf(em, user.pk)).map(({ attributes }) => attributes);
  const said = mergeAttributes([...groups, user.attributes])[CAN_CHANGE];
  if (user.email !== '' && said !== undefined && !said) throw emailAddressErrors.EMAIL_ADDRESS_FIXED();
}

/** Creates the operations. */
export function createEmailAddresses({ db, outbox }: EmailAddressDeps): EmailAddressOperations {
  type Change = (em: EntityManager, user: UserEntity) => Promise<void>;

  /** Changes addresses while nobody else changes those of the user, and tells of what is different. */
  const change = (pk: number, call: Call, work: Change) =>
    db.write(call.context, async (em) => {
      const user = await lockUser(em, pk);
      const before = { email: user.email, addresses: await addressesOf(em, pk) };
      await work(em, user);
      await em.flush();
      const addresses = await addressesOf(em, pk);
      const isSame = JSON.stringify(addresses) === JSON.stringify(before.addresses);
      const told = isSame ? [] : [emailAddressesChanged({ user: userFacts(user), addresses })];
      const updated = user.email === before.email ? [] : [userUpdated(user, ['email'])];
      await outbox.record(em, eventContext(call), [...updated, ...told]);
      return addresses;
    });

  return {
    add: (pk, email, verified, call) =>
      change(pk, call, async (em, user) => {
        await requireChangeable(em, user);
        const known = await addressesOf(em, pk);
        if (known.length >= MOST) throw emailAddressErrors.EMAIL_ADDRESSES_FULL({ limit: String(MOST) });
        await addAddress(em, pk, email, verified);
        // The table makes it primary with the user.
        if (user.email === '') user.email = email;
      }),
    remove: (pk, email, isSucceeded, call) =>
      change(pk, call, async (em, user) => {
        const address = await getAddress(em, pk, email);
        if (!address.primary) return removeAddress(em, pk, address.email);
        await requireChangeable(em, user);
        const others = (await addressesOf(em, pk)).filter(({ id }) => id !== address.id);
        if (others.length > 0 && !isSucceeded) throw emailAddressErrors.EMAIL_ADDRESS_PRIMARY();
        const heir = others.find(({ verified }) => verified) ?? others[0];
        user.email = heir?.email ?? '';
        if (heir === undefined) return;
        // The table makes the heir primary with the user; what is left can go.
        await em.flush();
        await removeAddress(em, pk, address.email);
      }),
    setPrimary: (pk, email, call) =>
      change(pk, call, async (em, user) => {
        const address = await getAddress(em, pk, email);
        if (!address.primary) await requireChangeable(em, user);
        const isOtherVerified = (await addressesOf(em, pk)).some((one) => one.verified);
        if (!address.verified && isOtherVerified) throw emailAddressErrors.EMAIL_ADDRESS_UNVERIFIED();
        user.email = address.email;
      }),
    verify: (pk, email, call) =>
      change(pk, call, async (em) => {
        const address = await getAddress(em, pk, email);
        if (!address.verified) await markVerified(em, pk, address.email);
      }),
  };
}
