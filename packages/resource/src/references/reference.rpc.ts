import type { Database, References } from '@postern/database';
import { references } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';

/** Answers the other apps about the objects of this one, from what it declares. */
export function bindReferences({ db, local }: { db: Database; local: References }): BoundService {
  return bind(references.ReferenceServiceDefinition, {
    exists: async ({ model, keys }, { context }) => ({
      keys: await db.read(context, (em) => local.exists(em, model, keys)),
    }),
    describe: async ({ model, keys }, { context }) => ({
      names: await db.read(context, (em) => local.describe(em, model, keys)),
    }),
    usedBy: async ({ model, key }, { context }) => ({
      items: await db.read(context, (em) => local.usedBy(em, model, key)),
    }),
  });
}
