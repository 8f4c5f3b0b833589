import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { getUser, userFacts } from '../users/index.ts';
import { createEmailAddresses } from './email-address.operations.ts';
import { addressesOf, findReader } from './email-address.repository.ts';

/** Addresses of users, for the services that let people manage them. */
export function bindEmailAddresses({ db, outbox }: { readonly db: Database; readonly outbox: Outbox }): BoundService {
  const operations = createEmailAddresses({ db, outbox });
  return bind(directory.EmailAddressServiceDefinition, {
    listEmailAddresses: ({ user }, { context }) =>
      db.read(context, async (em) => {
        await getUser(em, user);
        return { addresses: await addressesOf(em, user) };
      }),
    addEmailAddress: async ({ user, email, verified }, call) => ({
      addresses: await operations.add(user, email, verified, call),
    }),
    removeEmailAddress: async ({ user, email, succeeded }, call) => ({
      addresses: await operations.remove(user, email, succeeded, call),
    }),
    setPrimaryEmailAddress: async ({ user, email }, call) => ({
      addresses: await operations.setPrimary(user, email, call),
    }),
    verifyEmailAddress: async ({ user, email }, call) => ({ addresses: await operations.verify(user, email, call) }),
    findByVerifiedEmailAddress: ({ email }, { context }) =>
      db.read(context, async (em) => {
        const pk = await findReader(em, email);
        return { user: pk === undefined ? undefined : userFacts(await getUser(em, pk)) };
      }),
  });
}
