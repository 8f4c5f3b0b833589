import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { StageAccount, StageAccounts } from '../stages/index.ts';
import { accountsIn } from './account.repository.ts';
import type { StatusGate } from './status.gate.ts';

/** What finding accounts needs. */
export type AccountFinderDeps = {
  readonly userDirectory: Pick<Client<directory.UserDirectoryServiceDefinition>, 'findByIdentifier' | 'getRights'>;
  readonly gate: Pick<StatusGate, 'find'>;
};

const LONGEST_IDENTIFIER = 254;

/**
 * Finds accounts for the stages of flows. Both ways ask the directory, once, whether there is such a user or not: what this service keeps
 * may be older, and would answer faster for people it knows than for people it does not.
 */
export function createAccountFinder({ userDirectory, gate }: AccountFinderDeps): StageAccounts {
  return {
    async findByIdentifier(tenant, { fields, value, ignoreCase }) {
      if (value === '' || value.length > LONGEST_IDENTIFIER || fields.length === 0) return undefined;
      const request = { identifier: value, fields: [...fields], case_sensitive: !ignoreCase };
      const { facts } = await userDirectory.findByIdentifier(request, asService(tenant));
      return facts && accountOf(facts);
    },
    async findByPk(tenant, pk) {
      const standing = await gate.find(tenant, pk);
      return standing && accountOf(standing.user);
    },
    async hasRights(tenant, pk) {
      const rights = await userDirectory.getRights({ users: [pk] }, asService(tenant));
      return rights.superuser || rights.permissions.length + rights.on_objects.length > 0;
    },
    remember: (tx, { isActive, ...facts }) => accountsIn(tx).keep({ ...facts, is_active: isActive }),
  };
}

function accountOf({
  pk,
  uuid,
  username,
  name,
  email,
  type,
  is_active,
}: directory.UserFacts | directory.User): StageAccount {
  return { pk, uuid, username, name, email, type, isActive: is_active };
}
