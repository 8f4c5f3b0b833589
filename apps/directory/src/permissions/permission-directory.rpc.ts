import type { Database } from '@postern/database';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { heldBy } from './permission.repository.ts';

/** Permissions on single objects, for the services that keep the objects. */
export function bindPermissionDirectory({ db }: { db: Database }): BoundService {
  return bind(directory.PermissionDirectoryServiceDefinition, {
    listHeld: async ({ holder_model, holder, model, object_pk }, { context }) => {
      const who = holder_model === 'authentik_rbac.role' ? { role: holder } : { user: Number(holder) };
      return { permissions: await db.read(context, (em) => heldBy(em, who, { model, key: object_pk })) };
    },
  });
}
