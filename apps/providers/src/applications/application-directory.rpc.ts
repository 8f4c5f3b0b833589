import type { Database } from '@postern/database';
import { providers } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { ApplicationEntity } from './application.entity.ts';
import { encodeApplications } from './application.view.ts';

/** Answers the other services about applications. */
export function createApplicationDirectoryRpc({ db }: { db: Pick<Database, 'read'> }): BoundService {
  return bind(providers.ApplicationDirectoryServiceDefinition, {
    batchGetApplications: ({ pks, viewer }, call) =>
      db.read(call.context, async (em) => {
        const rows = await em
          .createQueryBuilder(ApplicationEntity)
          .where({ pk: { $in: [...new Set(pks)] } })
          .execute('all');
        return { applications: await encodeApplications(rows, { em, call }, viewer) };
      }),
  });
}
