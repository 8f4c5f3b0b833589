import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { rightsOfAll } from '../memberships/index.ts';
import { findByIdentifier } from './identifier.repository.ts';
import { attributesOf } from './self.operations.ts';
import { findStanding, type UserKey } from './standing.repository.ts';
import type { UidOf } from './uid.ts';
import { findUsers } from './user.repository.ts';
import type { ShowUsers } from './user.view.ts';

/** What the service needs. */
export type UserDirectoryDeps = {
  readonly db: Pick<Database, 'read' | 'statement'>;
  readonly show: ShowUsers;
  readonly uidOf: UidOf;
};

/** Answers the other services about users, and about what they may do. */
export function bindUserDirectory({ db, show, uidOf }: UserDirectoryDeps): BoundService {
  return bind(directory.UserDirectoryServiceDefinition, {
    async getPrincipal(key, { context }) {
      const standing = await findStanding(db, context, keyOf(key), context.client.host);
      const { facts, superuser, permissions, roles, groups, brand, attributes } = standing;
      return {
        user: facts,
        superuser,
        permissions: [...permissions],
        roles: [...roles],
        attributes: attributesOf(brand ?? {}, groups, { attributes }),
        groups: groups.map(({ pk, name }) => ({ pk, name })),
        uid: uidOf(facts.pk),
      };
    },

    getRights: async ({ users, groups }, { context }) => {
      const { superuser, permissions, onObjects } = await db.read(context, (em) => rightsOfAll(em, { users, groups }));
      return { superuser, permissions: [...permissions], on_objects: [...onObjects] };
    },

    batchGetUsers: ({ pks }, { context }) =>
      db.read(context, async (em) => ({ users: await show(em, await findUsers(em, pks)) })),

    async findByIdentifier({ identifier, fields, case_sensitive, expanded }, { context }) {
      const asked = { text: identifier, fields, isCaseSensitive: case_sensitive };
      const facts = await findByIdentifier(db, context, asked);
      if (facts === undefined || !expanded) return { facts, user: undefined };
      const [user] = await db.read(context, async (em) => show(em, await findUsers(em, [facts.pk])));
      return { facts, user };
    },
  });
}

function keyOf({ pk, uuid }: directory.GetPrincipalRequest): UserKey {
  if (pk !== undefined) return { pk };
  if (uuid !== undefined) return { uuid };
  throw common.INVALID_ARGUMENT();
}
