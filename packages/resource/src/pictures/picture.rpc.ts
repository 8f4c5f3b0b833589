import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { pictures } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';

/** What an object shall show: an address, or a picture; neither for none. */
export type WantedPicture = Pick<pictures.SetPictureRequest, 'address' | 'content'>;

/** The pictures of the objects of one model. */
export type PictureKeeper = {
  /** Pictures by the keys of their objects; their bytes only if asked for. */
  read(em: EntityManager, keys: readonly string[], withContent: boolean): Promise<pictures.Picture[]>;
  /** Sets one, in the transaction of the call. Throws NOT_FOUND, and field errors for what is no address, no picture, or too large. */
  set(key: string, picture: WantedPicture, call: Call): Promise<void>;
};

/** Lets blueprints read and set the pictures of an app, of each model whose message has a field with `picture`. */
export function bindPictures({
  db,
  keepers,
}: {
  db: Pick<Database, 'read'>;
  /** By label. */
  keepers: Readonly<Record<string, PictureKeeper>>;
}): BoundService {
  const keeperOf = (model: string) => (Object.hasOwn(keepers, model) ? keepers[model] : undefined);
  return bind(pictures.PictureServiceDefinition, {
    async readPictures({ model, keys, content }, { context }) {
      const keeper = keeperOf(model);
      return { pictures: keeper ? await db.read(context, (em) => keeper.read(em, keys, content)) : [] };
    },
    async setPicture({ model, key, address, content }, call) {
      const keeper = keeperOf(model);
      if (!keeper) throw common.NOT_FOUND();
      await keeper.set(key, { address, content }, call);
      return {};
    },
  });
}
