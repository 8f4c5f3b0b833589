import type { Database } from '@postern/database';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { getUser } from './user.repository.ts';

/** Answers the other services about what happened to users. */
export function bindUserHistory({ db }: { readonly db: Pick<Database, 'read'> }): BoundService {
  return bind(directory.UserHistoryServiceDefinition, {
    getUserHistory: ({ pk }, { context }) =>
      db.read(context, async (em) => ({ joined: (await getUser(em, pk)).created.toISOString() })),
  });
}
