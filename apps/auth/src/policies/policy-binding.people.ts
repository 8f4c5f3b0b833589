import type { directory } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** What bindings ask the directory about whom they name. */
export type BindingPeople = {
  /** Users in full, by key; those that are gone are left out. */
  users(pks: readonly number[], call: Call): Promise<ReadonlyMap<number, directory.User>>;
  /** Groups in full, by key; those that are gone are left out. */
  groups(pks: readonly string[], call: Call): Promise<ReadonlyMap<string, directory.Group>>;
};

/** The clients of the directory that bindings ask. */
export type BindingClients = {
  readonly userDirectory: Pick<Client<directory.UserDirectoryServiceDefinition>, 'batchGetUsers'>;
  readonly groupDirectory: Pick<Client<directory.GroupDirectoryServiceDefinition>, 'batchGetGroups'>;
};

/** Keys that one call asks for. */
const BATCH = 1000;

/** Asks the directory for users and groups. */
export function createBindingPeople({ userDirectory, groupDirectory }: BindingClients): BindingPeople {
  return {
    users: (pks, call) =>
      inBatches(pks, async (some) => {
        const { users } = await userDirectory.batchGetUsers({ pks: some }, asService(call.context.tenant, call));
        return users.map((user) => [user.pk, user]);
      }),
    groups: (pks, call) =>
      inBatches(pks, async (some) => {
        const { groups } = await groupDirectory.batchGetGroups({ pks: some }, asService(call.context.tenant, call));
        return groups.map((group) => [group.pk, group]);
      }),
  };
}

async function inBatches<Key, Found>(
  keys: readonly Key[],
  ask: (some: Key[]) => Promise<[Key, Found][]>,
): Promise<ReadonlyMap<Key, Found>> {
  const wanted = [...new Set(keys)];
  const found: [Key, Found][] = [];
  for (let start = 0; start < wanted.length; start += BATCH)
    found.push(...(await ask(wanted.slice(start, start + BATCH))));
  return new Map(found);
}
