import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { Brands } from '../brands/index.ts';
import { ancestryOf, rightsOfUser } from '../memberships/index.ts';
import { findByIdentifier } from './identifier.repository.ts';
import { attributesOf } from './self.operations.ts';
import type { UidOf } from './uid.ts';
import type { UserRow } from './user.entity.ts';
import { userFacts } from './user.events.ts';
import { findUsers, getUser, getUserByUuid } from './user.repository.ts';
import type { ShowUsers } from './user.view.ts';

/** What the service needs. */
export type UserDirectoryDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly show: ShowUsers;
  readonly brands: Pick<Brands, 'attributesOf'>;
  readonly uidOf: UidOf;
};

/** Answers the other services about users, and about what they may do. */
export function bindUserDirectory({ db, show, brands, uidOf }: UserDirectoryDeps): BoundService {
  return bind(directory.UserDirectoryServiceDefinition, {
    getPrincipal: (key, { context }) =>
      db.read(context, async (em) => {
        const row = await findByKey(em, key);
        const { superuser, permissions } = await rightsOfUser(em, row.pk);
        const groups = await ancestryOf(em, row.pk);
        return {
          user: userFacts(row),
          superuser,
          permissions: [...permissions],
          attributes: attributesOf(await brands.attributesOf(em, context.client.host), groups, row),
          groups: groups.map(({ pk, name }) => ({ pk, name })),
          uid: uidOf(row.pk),
        };
      }),

    batchGetUsers: ({ pks }, { context }) =>
      db.read(context, async (em) => ({ users: await show(em, await findUsers(em, pks)) })),

    findByIdentifier: ({ identifier, fields, case_sensitive }, { context }) =>
      db.read(context, async (em) => {
        const pk = await findByIdentifier(em, { text: identifier, fields, isCaseSensitive: case_sensitive });
        const [user] = pk === undefined ? [] : await show(em, await findUsers(em, [pk]));
        return { user };
      }),
  });
}

function findByKey(em: EntityManager, { pk, uuid }: directory.GetPrincipalRequest): Promise<UserRow> {
  if (pk !== undefined) return getUser(em, pk);
  if (uuid !== undefined) return getUserByUuid(em, uuid);
  throw common.INVALID_ARGUMENT();
}
