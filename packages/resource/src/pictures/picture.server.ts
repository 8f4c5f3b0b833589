import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import type { Call } from '@postern/rpc';
import { keyOf } from './media.repository.ts';
import { MediaFileEntity } from './media-file.entity.ts';

/** Nothing in a picture runs or loads, even when somebody opens it as a page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** An uploaded picture as an HTTP body. */
export type ServedPicture = { content_type: string; data: Buffer; extensions: [] };

/** Serves the uploaded pictures of a folder by the names of their files. A file never changes, so browsers keep it. Throws NOT_FOUND. */
export function pictureServer({ db, folder }: { db: Pick<Database, 'read'>; folder: string }) {
  return async (file: string, { context, response }: Call): Promise<ServedPicture> => {
    const pk = keyOf(file);
    const found = pk && (await db.read(context, (em) => em.findOne(MediaFileEntity, { pk, folder })));
    if (!found) throw common.NOT_FOUND();
    picturePolicy(response);
    return { content_type: found.contentType, data: Buffer.from(found.content), extensions: [] };
  };
}

/** Says on the answer how browsers take a picture: kept for good, shown as what it is called, and nothing in it runs. */
export function picturePolicy(response: Pick<Call['response'], 'header'>): void {
  response.header('cache-control', 'public, max-age=31536000, immutable');
  response.header('content-security-policy', POLICY);
  response.header('x-content-type-options', 'nosniff');
}
