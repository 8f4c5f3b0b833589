/**
 * Many users, groups and roles at once, from files and into files, as jobs that go on where they were when their process died. Whoever asks can do by a
 * file what they can do by the API, and no more. Decision 232.
 */

import type { Database, EntityManager, SweepBatch } from '@postern/database';
import { cleanUp } from '@postern/jobs';
import type { AppParts } from '@postern/service';
import { bindExports, createExportJob } from './exports/index.ts';
import { bindImports, createImportJob, createImports, type ImportDeps, type ImportJobDeps } from './imports/index.ts';

export { createLocalApi, createRowBundles } from './rows/index.ts';
export { transferErrors } from './transfer.errors.ts';
export { TRANSFER_MIGRATIONS } from './transfer.migrations.ts';

/** What imports and exports need. */
export type TransferDeps = ImportDeps & ImportJobDeps & { readonly db: Database };

/** Creates imports and exports. */
export function createTransfers(deps: TransferDeps) {
  return {
    services: [bindImports({ ...deps, imports: createImports(deps) }), bindExports(deps)],
    jobs: [
      createImportJob(deps),
      createExportJob(deps),
      cleanUp({
        ...deps,
        name: 'directory.clean_expired',
        models: [
          { plural: 'Directory imports', table: 'directory_import', clean: forget('directory_import') },
          { plural: 'Directory exports', table: 'directory_export', clean: forget('directory_export') },
        ],
      }),
    ],
  } satisfies Partial<AppParts>;
}

/** Lets go of what is kept long enough, parts and reports with it. */
const forget =
  (table: string) =>
  async (em: EntityManager, { before, limit }: SweepBatch) => {
    const over = `select pk from ${table} where expires <= ? order by expires limit ? for update skip locked`;
    return (
      await em.execute<unknown[]>(`delete from ${table} where pk = any (array(${over})) returning 1`, [before, limit])
    ).length;
  };
