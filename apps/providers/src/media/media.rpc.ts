import type { Database } from '@postern/database';
import { providers } from '@postern/proto';
import { pictureServer } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';

/** Folder of icons of applications. */
export const APPLICATION_ICONS = 'application-icons';

/** Serves uploaded pictures. */
export function createMediaRpc({ db }: { db: Pick<Database, 'read'> }): BoundService {
  const serve = pictureServer({ db, folder: APPLICATION_ICONS });
  return bind(providers.MediaServiceDefinition, { getIcon: ({ file }, call) => serve(file, call) });
}
