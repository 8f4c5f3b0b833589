/** Messaging on the database of an app. */

import type { Database, EntityManager } from '@postern/database';
import type { SqlRow } from './database.ts';
import type { MessagingDeps } from './messaging.ts';

/** What messaging takes from an app's database: `createMessaging({ ...messagingOn(db), bus })`. */
export function messagingOn(db: Database): Pick<MessagingDeps<EntityManager>, 'schema' | 'database' | 'connection'> {
  return {
    schema: db.schema,
    connection: { connectionString: db.url, application_name: `postern ${db.schema} listener` },
    database: {
      transaction: (tenant, work) => (tenant === undefined ? db.system(work) : db.write({ tenant }, work)),
      once: (statement, params) => db.statement<SqlRow>(undefined, statement, params),
    },
  };
}
