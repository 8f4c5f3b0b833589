import { asUuid, type Database, type EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { PERMISSIONS } from '@postern/models';
import { directory } from '@postern/proto';
import { isVisible } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { Holder } from './assignment.ts';
import { pageOfPermissions } from './catalogue.list.ts';
import { encodePermission } from './permission.codec.ts';
import { heldOnEverything } from './permission.repository.ts';

/** What can be permitted. */
export function bindPermissions({ db }: { db: Database }): BoundService {
  return bind(directory.PermissionServiceDefinition, {
    async listPermissions({ role, user, ...request }, call) {
      const holder = role !== '' ? { role: asUuid(role, 'role') } : user === undefined ? undefined : { user };
      const names =
        holder &&
        (await db.read(call.context, async (em) => {
          await requireSeen(em, holder, call);
          return heldOnEverything(em, holder);
        }));
      // Which permissions there are is no secret from whoever may see any role.
      call.reach();
      const { pagination, results } = pageOfPermissions({ ...request, names });
      return { pagination, results: results.map(encodePermission) };
    },

    async getPermission({ id }) {
      const found = PERMISSIONS.find((permission) => permission.id === id);
      if (!found) throw common.NOT_FOUND();
      return encodePermission(found);
    },
  });
}

/** What somebody holds is for those who may see everybody, or the role that it is about. */
async function requireSeen(em: EntityManager, holder: Holder, call: Call): Promise<void> {
  if (call.reach().kind === 'all') return;
  if (holder.user !== undefined || !(await isVisible(call, em, holder.role))) throw common.NOT_FOUND();
}
