/** Messaging on the database of an app. */

import { asLast, type Database, type EntityManager } from '@postern/database';
import type { MessagingDeps } from './messaging.ts';

/** What messaging takes from an app's database: `createMessaging({ ...messagingOn(db), bus })`. */
export function messagingOn(db: Database): Pick<MessagingDeps<EntityManager>, 'schema' | 'database' | 'connection'> {
  return {
    schema: db.schema,
    connection: { connectionString: db.url, application_name: `postern ${db.schema} listener` },
    database: {
      transaction: (tenant, work) => (tenant === undefined ? db.system(work) : db.write({ tenant }, work)),
      once: (statement, params) => db.system((em) => em.execute(asLast(statement), params)),
      read: (work) => db.system(work, { readOnly: true }),
    },
  };
}
