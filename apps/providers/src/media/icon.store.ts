import { createHash, randomUUID } from 'node:crypto';
import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { type Jobs, job } from '@postern/jobs';
import {
  dropPicture,
  eventContext,
  findPictures,
  keyOf,
  keyOfPath,
  picturePath,
  picturePolicy,
  readPicture,
  type ServedPicture,
  type StoredPicture,
  storePicture,
} from '@postern/resource';
import type { Call } from '@postern/rpc';
import { mediaErrors } from './media.errors.ts';
import { REMOVE_OBJECT } from './remove-object.ts';
import type { ObjectStore } from './s3.store.ts';

/** Folder of icons of applications. */
export const APPLICATION_ICONS = 'application-icons';

/** A picture that was taken in, and is not shown yet. */
export type TakenPicture = {
  /** Writes it down, in the transaction of what shows it; answers the path that it is served under. */
  keep(em: EntityManager): Promise<string>;
  /** Lets go of it: what was to show it did not come about. */
  discard(): Promise<void>;
};

/** Icons of applications, wherever their bytes are kept. */
export type IconStore = {
  /** Takes a picture in. Throws a field error for what is none, or too large; MEDIA_STORE_UNAVAILABLE and MEDIA_STORE_REFUSED. */
  take(bytes: Uint8Array, call: Call): Promise<TakenPicture>;
  /** Forgets the picture that a path stands for; a path of another place stands for none. */
  drop(em: EntityManager, path: string | null | undefined, call: Call): Promise<void>;
  find(em: EntityManager, paths: readonly string[], withContent: boolean): Promise<ReadonlyMap<string, StoredPicture>>;
  /** Serves a picture so that nothing in it runs. Throws NOT_FOUND. */
  serve(file: string, call: Call): Promise<ServedPicture>;
};

export type IconStoreDeps = {
  readonly db: Pick<Database, 'read'>;
  /** Where new pictures go; undefined for the database. */
  readonly objects: ObjectStore | undefined;
  readonly jobs: Jobs;
};

type Row = { content_type: string; content: Buffer; stored_at: string | null };

/** Creates the store. A picture stays where it was put, so that a change of the settings moves nothing. */
export function createIconStore({ db, objects, jobs }: IconStoreDeps): IconStore {
  async function fetch(name: string): Promise<Buffer> {
    if (!objects) throw mediaErrors.MEDIA_STORE_UNAVAILABLE();
    const content = await objects.get(name);
    if (!content) throw common.NOT_FOUND();
    return content;
  }

  return {
    async take(bytes, call) {
      const { kind, content } = readPicture(bytes);
      if (!objects)
        return { keep: async (em) => storePicture(em, APPLICATION_ICONS, content), discard: async () => {} };
      const pk = randomUUID();
      const name = `${call.context.tenant}/${APPLICATION_ICONS}/${pk}.${kind.ending}`;
      await objects.put(name, content, kind.contentType);
      return {
        async keep(em) {
          const values = [pk, APPLICATION_ICONS, kind.contentType, name];
          await em.execute(
            "insert into media_file (pk, folder, content_type, content, stored_at) values (?, ?, ?, ''::bytea, ?)",
            values,
          );
          return picturePath(APPLICATION_ICONS, pk, kind);
        },
        // Whatever went wrong before says more than what goes wrong here: an object too many does no harm.
        discard: () => objects.remove(name).catch(() => undefined),
      };
    },

    async drop(em, path, call) {
      const pk = keyOfPath(APPLICATION_ICONS, path ?? '');
      const name = pk === undefined ? undefined : await placeOf(em, pk);
      await dropPicture(em, APPLICATION_ICONS, path);
      if (name) await jobs.enqueue(em, eventContext(call), job(REMOVE_OBJECT, { name }));
    },

    async find(em, paths, withContent) {
      const found = new Map(await findPictures(em, APPLICATION_ICONS, paths, withContent));
      for (const [path, picture] of found) {
        const name = await placeOf(em, keyOfPath(APPLICATION_ICONS, path) ?? '');
        if (name) found.set(path, described(picture, await fetch(name), withContent));
      }
      return found;
    },

    async serve(file, { context, response }) {
      const pk = keyOf(file);
      const row = pk === undefined ? undefined : await db.read(context, (em) => rowOf(em, pk));
      if (!row) throw common.NOT_FOUND();
      const data = row.stored_at === null ? row.content : await fetch(row.stored_at);
      picturePolicy(response);
      return { content_type: row.content_type, data: Buffer.from(data), extensions: [] };
    },
  };
}

async function rowOf(em: EntityManager, pk: string): Promise<Row | undefined> {
  const sql = 'select content_type, content, stored_at from media_file where pk = ? and folder = ?';
  const [row] = await em.execute<Row[]>(sql, [pk, APPLICATION_ICONS]);
  return row;
}

async function placeOf(em: EntityManager, pk: string): Promise<string | undefined> {
  return (await rowOf(em, pk))?.stored_at ?? undefined;
}

function described(picture: StoredPicture, content: Buffer, withContent: boolean): StoredPicture {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { ...picture, sha256, size: content.length, content: withContent ? content : Buffer.alloc(0) };
}
