/** What the houses of tests have in common: their database, before anybody has started them, and settings that spare the machine. */

import { auth } from '@postern/auth';
import { connectDatabase } from '@postern/database';
import { directory } from '@postern/directory';
import { createLogger } from '@postern/observability';
import { providers } from '@postern/providers';
import { migrationsOf } from '@postern/service';
import { tasks } from '@postern/tasks';
import { TEST_SECRET, testDatabase } from '@postern/testkit';

/** What a hash costs is nobody's subject here, but where times are compared; and no second interpreter waits for what a test does not do. */
export const FRUGAL = {
  POSTERN_PASSWORDS__MEMORY_KIB: '1024',
  POSTERN_PASSWORDS__PASSES: '1',
  POSTERN_EXPRESSIONS__SPARE: '0',
};

const EMPTY = { schema: 'public', entities: [], migrations: [] };

/**
 * A database for all services. It has their tables already, which cost more than the rest of a start; what is in them a first start makes,
 * by the settings of the file. `{ bare: true }` leaves the tables to the start as well.
 */
export function houseDatabase({ bare = false } = {}) {
  return testDatabase(bare ? EMPTY : { ...EMPTY, furnished: { name: 'the tables of all services', by: migrateAll } });
}

async function migrateAll(url: string): Promise<void> {
  const log = createLogger({ level: 'silent' });
  for (const manifest of [directory, auth, providers, tasks]) {
    const { name: schema, database } = manifest;
    const options = { ...database, schema, migrations: migrationsOf(manifest), secretKey: [TEST_SECRET], url, log };
    const opened = await connectDatabase(options);
    await opened.migrate().finally(() => opened.close());
  }
}
