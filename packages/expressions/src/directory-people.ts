import type { directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { Filters, HostFunctions } from './contract.ts';
import { matches, matchesWithin } from './filters.ts';
import { type GroupFacts, groupObject, type UserFacts, userObject } from './people.ts';

/** Users and groups, as expressions ask for them. */
export type ExpressionPeople = {
  /** Users by key; those that are gone are left out. */
  users(tenant: string, pks: readonly number[]): Promise<ReadonlyMap<number, UserFacts>>;
  /** The first user who matches; conditions on what cannot be looked up match nobody. */
  find(tenant: string, filters: Filters): Promise<UserFacts | undefined>;
  /** Direct groups of a user, with the groups above them. */
  groupsOf(tenant: string, user: number): Promise<readonly GroupFacts[]>;
};

/** The clients of the directory that expressions ask. */
export type ExpressionClients = {
  readonly userDirectory: Pick<Client<directory.UserDirectoryServiceDefinition>, 'batchGetUsers' | 'findByIdentifier'>;
  readonly groupDirectory: Pick<Client<directory.GroupDirectoryServiceDefinition>, 'batchGetGroups'>;
};

/** What expressions may ask about people: `ak_user_by`, `ak_is_group_member`, and the groups of a user. */
export function peopleFunctions(people: ExpressionPeople, tenant: string): HostFunctions {
  return {
    ak_user_by: async ({ filters }) => {
      const user = await people.find(tenant, filters);
      return user ? userObject(user) : null;
    },
    ak_is_group_member: async ({ user, filters }) =>
      (await people.groupsOf(tenant, user)).some((group) => matchesWithin(group, filters)),
    ak_groups_of: async ({ user }) => (await people.groupsOf(tenant, user)).map(groupObject),
  };
}

/** Groups above one another, at most. */
const HIGHEST = 20;

/** Asks the directory for what expressions want to know of people. */
export function createExpressionPeople({ userDirectory, groupDirectory }: ExpressionClients): ExpressionPeople {
  const load = async (tenant: string, pks: readonly number[]): Promise<directory.User[]> => {
    if (pks.length === 0) return [];
    return (await userDirectory.batchGetUsers({ pks: [...new Set(pks)] }, asService(tenant))).users;
  };
  return {
    users: async (tenant, pks) => new Map((await load(tenant, pks)).map((user) => [user.pk, directoryUser(user)])),
    async find(tenant, filters) {
      const user = await candidate(tenant, filters);
      return user && matches(user, filters) ? directoryUser(user) : undefined;
    },
    async groupsOf(tenant, user) {
      const [known] = await load(tenant, [user]);
      if (known === undefined) return [];
      const above = await ancestorsOf(tenant, known.groups_obj);
      return known.groups_obj.map((group) => groupFacts(group, above));
    },
  };

  /** The only user who could match: the directory finds people by what is unique about them. */
  async function candidate(tenant: string, filters: Filters): Promise<directory.User | undefined> {
    const { pk, id = pk } = filters;
    if (typeof id === 'number') return (await load(tenant, [id]))[0];
    for (const field of ['username', 'email']) {
      const exact = filters[field] ?? filters[`${field}__exact`];
      const identifier = exact ?? filters[`${field}__iexact`];
      if (typeof identifier !== 'string' || identifier === '') continue;
      const search = { identifier, fields: [field], case_sensitive: exact !== undefined, expanded: true };
      return (await userDirectory.findByIdentifier(search, asService(tenant))).user;
    }
    return undefined;
  }

  async function ancestorsOf(tenant: string, groups: readonly directory.UserGroup[]) {
    const known = new Map<string, directory.Group>();
    let wanted = parentsOf(groups);
    for (let level = 0; level < HIGHEST && wanted.length > 0; level += 1) {
      const { groups: found } = await groupDirectory.batchGetGroups({ pks: wanted }, asService(tenant));
      for (const group of found) known.set(group.pk, group);
      wanted = parentsOf(found).filter((pk) => !known.has(pk));
    }
    return known;
  }
}

type AnyGroup = Pick<directory.Group, 'pk' | 'num_pk' | 'name' | 'is_superuser' | 'parent' | 'attributes'>;

function parentsOf(groups: readonly Pick<AnyGroup, 'parent'>[]): string[] {
  return [...new Set(groups.flatMap(({ parent }) => parent ?? []))];
}

function groupFacts(group: AnyGroup, above: ReadonlyMap<string, AnyGroup>, depth = 0): GroupFacts {
  const { pk, num_pk, name, is_superuser, attributes = {} } = group;
  const parent = group.parent === undefined ? undefined : above.get(group.parent);
  const upper = parent && depth < HIGHEST ? groupFacts(parent, above, depth + 1) : null;
  return { pk, num_pk, name, is_superuser, attributes, parent: upper };
}

/** A user of the directory, as expressions see one; groups are asked for when the code wants them. */
export function directoryUser(user: directory.User): UserFacts {
  const { pk, uuid, username, name, email, path, type, is_active, is_superuser, attributes = {}, uid, avatar } = user;
  const last_login = user.last_login === undefined ? null : new Date(user.last_login);
  return { pk, uuid, username, name, email, path, type, is_active, is_superuser, attributes, uid, avatar, last_login };
}
