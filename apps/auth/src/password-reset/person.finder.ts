import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { StageAccount, StageAccounts } from '../stages/index.ts';

/** What finding people needs. */
export type PersonFinderDeps = {
  readonly accounts: Pick<StageAccounts, 'findByPk' | 'findByIdentifier'>;
  readonly addresses: Pick<Client<directory.EmailAddressServiceDefinition>, 'findByVerifiedEmailAddress'>;
  readonly users: Pick<Client<directory.UserServiceDefinition>, 'listUsers'>;
};

/** How many of those who share an address are written to. */
const MOST = 10;
/** Kinds of accounts that people have; those of machines have no mailbox. */
const PEOPLE = new Set(['internal', 'external']);
const LONGEST_EMAIL = 254;

/** Finds those who may choose a password by way of an address: whoever showed that they read it, else all who go by it. */
export function createPersonFinder({ accounts, addresses, users }: PersonFinderDeps) {
  return async (tenant: string, email: string): Promise<readonly StageAccount[]> => {
    if (email === '' || email.length > LONGEST_EMAIL) return [];
    const { user } = await addresses.findByVerifiedEmailAddress({ email }, asService(tenant));
    const owner = user && (await accounts.findByPk(tenant, user.pk));
    const found = owner ? [owner] : await goingBy(tenant, email);
    return found.filter(({ isActive, type }) => isActive && PEOPLE.has(type));
  };

  async function goingBy(tenant: string, email: string): Promise<readonly StageAccount[]> {
    const first = await accounts.findByIdentifier(tenant, { fields: ['email'], value: email, ignoreCase: true });
    const { results } = await users.listUsers({ email, page_size: MOST }, asService(tenant));
    const others = results.filter(({ pk }) => pk !== first?.pk).map(accountOf);
    return first ? [first, ...others] : others;
  }
}

function accountOf({ pk, uuid, username, name, email, type, is_active }: directory.User): StageAccount {
  return { pk, uuid, username, name, email, type, isActive: is_active };
}
