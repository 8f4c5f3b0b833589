import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { PERMISSIONS } from '@postern/models';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { pageOfPermissions } from './catalogue.list.ts';
import { encodePermission } from './permission.codec.ts';
import { heldOnEverything } from './permission.repository.ts';

/** What can be permitted. */
export function bindPermissions({ db }: { db: Database }): BoundService {
  return bind(directory.PermissionServiceDefinition, {
    async listPermissions({ role, user, ...request }, call) {
      const holder = role !== '' ? { role } : user === undefined ? undefined : { user };
      const names = holder && (await db.read(call.context, (em) => heldOnEverything(em, holder)));
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
