import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { findPermission, PERMISSIONS } from '@postern/models';
import { directory } from '@postern/proto';
import { isVisible, type Neighbours, visibleTo } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { mayCall } from '../memberships/index.ts';
import { getRole, Role } from '../roles/index.ts';
import { encodeMember, getUser, type UidOf, User } from '../users/index.ts';
import type { Grant, Holder } from './assignment.ts';
import { encodeGrant, encodeNamedGrant } from './permission.codec.ts';
import { grantsOf, pageOfGrants, pageOfRoles, pageOfUsers, superusersAmong } from './permission.repository.ts';

/** What the service of holders is put together from. */
export type PermissionHolderDeps = {
  readonly db: Database;
  readonly neighbours: Pick<Neighbours, 'describe'>;
  readonly uidOf: UidOf;
};

/** Who holds what. */
export function bindPermissionHolders({ db, neighbours, uidOf }: PermissionHolderDeps): BoundService {
  const named = createNamedGrants(neighbours);
  return bind(directory.PermissionHolderServiceDefinition, {
    listUsersWithPermissions: (request, call) =>
      db.read(call.context, async (em) => {
        const { pagination, results } = await pageOfUsers(em, reachOf(request), request, visibleTo(call, em, User));
        const keys = results.map(({ pk }) => pk);
        const [grants, superusers] = [await grantsOf(em, 'user', keys), await superusersAmong(em, keys)];
        const show = (row: (typeof results)[number]) => ({
          ...encodeMember(row, uidOf(row.pk)),
          permissions: (grants.get(row.pk) ?? []).map(encodeGrant),
          is_superuser: superusers.has(row.pk),
        });
        return { pagination, results: results.map(show) };
      }),

    listRolesWithPermissions: (request, call) =>
      db.read(call.context, async (em) => {
        const { pagination, results } = await pageOfRoles(em, reachOf(request), request, visibleTo(call, em, Role));
        const grants = await grantsOf(
          em,
          'role',
          results.map(({ pk }) => pk),
        );
        const show = ({ pk, name }: { pk: string; name: string }) => ({
          role_pk: pk,
          name,
          permissions: (grants.get(pk) ?? []).map(encodeGrant),
        });
        return { pagination, results: results.map(show) };
      }),

    listUserObjectPermissions: ({ user_id, ...request }, call) => listed(db, call, { user: user_id }, request, named),
    listRoleObjectPermissions: ({ uuid, ...request }, call) => listed(db, call, { role: uuid }, request, named),
  });
}

/** The model or object that somebody may hold something on, with every permission that fits. */
function reachOf({ model, object_pk }: { model: string; object_pk: string }) {
  const permissions = PERMISSIONS.filter((one) => one.model === model).map(({ permission }) => permission);
  return { model, object: object_pk, permissions };
}

type NameGrants = (grants: readonly Grant[], call: Call) => Promise<directory.ExtraUserObjectPermission[]>;

async function listed(
  db: Database,
  call: Call,
  holder: Holder,
  request: Parameters<typeof pageOfGrants>[2],
  named: NameGrants,
) {
  const { pagination, results } = await db.read(call.context, async (em) => {
    await requireHolder(em, holder, call);
    return pageOfGrants(em, holder, request);
  });
  return { pagination, results: await named(results, call) };
}

/** Throws NOT_FOUND for whom the caller may not see. */
async function requireHolder(em: EntityManager, holder: Holder, call: Call): Promise<void> {
  await (holder.user === undefined ? getRole(em, holder.role) : getUser(em, holder.user));
  const isSeen = await (holder.user === undefined
    ? isVisible(call, em, holder.role)
    : isVisible(call, em, holder.user));
  if (!isSeen) throw common.NOT_FOUND();
}

/** Names the objects, as far as the caller may view their models: one question for each model. */
function createNamedGrants({ describe }: Pick<Neighbours, 'describe'>): NameGrants {
  return async (grants, call) => {
    const viewable = grants.filter(({ model }) => mayCall(viewOf(model), call));
    const asked = [...Map.groupBy(viewable, ({ model }) => model)].map(async ([model, some]) => {
      const names = await describe(
        model,
        some.map(({ object }) => object),
        call,
      );
      return [model, names] as const;
    });
    const byModel = new Map(await Promise.all(asked));
    return grants.map((grant) => encodeNamedGrant(grant, byModel.get(grant.model)?.get(grant.object)));
  };
}

function viewOf(model: string): string {
  const [app, name] = model.split('.');
  return findPermission(`${app}.view_${name}`)?.permission ?? '';
}
