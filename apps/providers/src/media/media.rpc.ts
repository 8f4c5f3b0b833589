import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { providers } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { APPLICATION_ICONS, keyOf } from './media.repository.ts';
import { MediaFileEntity } from './media-file.entity.ts';

/** Nothing in a picture runs or loads, even when somebody opens it as a page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** Serves uploaded pictures. A file never changes, so browsers keep it. */
export function createMediaRpc({ db }: { db: Database }): BoundService {
  return bind(providers.MediaServiceDefinition, {
    async getIcon({ file }, { context, response }) {
      const pk = keyOf(file);
      const found =
        pk && (await db.read(context, (em) => em.findOne(MediaFileEntity, { pk, folder: APPLICATION_ICONS })));
      if (!found) throw common.NOT_FOUND();
      response.header('cache-control', 'public, max-age=31536000, immutable');
      response.header('content-security-policy', POLICY);
      response.header('x-content-type-options', 'nosniff');
      return { content_type: found.contentType, data: found.content, extensions: [] };
    },
  });
}
