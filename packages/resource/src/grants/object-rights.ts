import type { Database, References } from '@postern/database';
import { findPermission } from '@postern/models';
import type { Context, ObjectRights } from '@postern/rpc';
import { extentOf, isHeld, type Somebody } from './grant.repository.ts';

/** Creates the answer to what callers hold on single objects of an app, from what it remembers. */
export function createObjectRights({ db, local }: { db: Database; local: References }): ObjectRights {
  return {
    async any(permission, context) {
      const who = somebody(context);
      return who === undefined ? 'none' : db.read(context, (em) => extentOf(em, who, permission));
    },
    async on(permission, name, context) {
      const who = somebody(context);
      const model = findPermission(permission)?.model;
      if (who === undefined || model === undefined) return false;
      return db.read(context, async (em) => {
        const key = await local.keyOf(em, model, name);
        return key !== undefined && isHeld(em, who, permission, key);
      });
    },
  };
}

function somebody({ principal }: Context): Somebody | undefined {
  return principal.kind === 'user' ? { user: principal.user.pk, roles: principal.roles ?? [] } : undefined;
}
