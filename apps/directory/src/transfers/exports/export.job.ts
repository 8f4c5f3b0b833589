import type { Database } from '@postern/database';
import { createJobs, handles, type JobHandler, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { Sealer } from '@postern/rpc';
import { KINDS, writeHead, writeRow } from '../files/index.ts';
import { findAsker, recordsAfter } from '../rows/index.ts';
import { EXPORT_ATTEMPTS, TURN_MS, WRITE_EXPORT } from './export.order.ts';
import { type ExportRow, findExport, finishExport, keepWritten } from './export.repository.ts';

/** What writing files needs. */
export type ExportJobDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly sealer: Sealer;
  readonly clock: { now(): Date };
  /** Milliseconds of a turn. */
  readonly turnMs?: number;
};

/** Objects in one part: a megabyte or so of users. */
const ROWS = 5_000;

/**
 * The job that writes a file, for a turn, and then asks for the next turn. A part and the place behind it are kept together, so that it goes on
 * there. Whoever asked must be allowed to see all of the kind, each time.
 */
export function createExportJob(deps: ExportJobDeps): JobHandler {
  const { db, outbox, clock, turnMs = TURN_MS } = deps;
  const jobs = createJobs({ outbox });

  const finish = (tenant: string, id: string, error: string) =>
    db.write({ tenant }, (em) => finishExport(em, id, error, clock.now()));

  return handles(
    WRITE_EXPORT,
    async ({ id }, { tenant, signal, progress, attempt }) => {
      const until = performance.now() + turnMs;
      for (;;) {
        signal.throwIfAborted();
        const at = await db.read({ tenant }, (em) => findExport(em, id));
        if (at?.status !== 'running') return { messages: ['There is nothing to do.'] };
        const asker = await findAsker(deps, tenant, at.user, id);
        if (!asker?.may(KINDS[at.kind].view)) {
          await finish(tenant, id, NOT_ALLOWED);
          return { status: 'warning', messages: [NOT_ALLOWED] };
        }
        const rows = await writePart(db, tenant, at).catch(async (error: unknown) => {
          // Nobody tries again: an export that says it is running would be waited for.
          if (attempt >= EXPORT_ATTEMPTS) await finish(tenant, id, GIVEN_UP);
          throw error;
        });
        progress(at.done + rows);
        if (rows < ROWS) {
          await finish(tenant, id, '');
          return { messages: [`Wrote ${at.kind}.`] };
        }
        if (performance.now() > until) {
          await db.write({ tenant }, (em) => jobs.enqueue(em, { tenant }, job(WRITE_EXPORT, { id })));
          return { messages: ['To be continued.'] };
        }
      }
    },
    { description: 'Write files of users, groups and roles', task: 'write_directory_export', uid: ({ id }) => id },
  );
}

const NOT_ALLOWED = 'Whoever asked for the export may not see what would be in it.';

const GIVEN_UP = 'It could not go on, for a reason that the log of the server knows.';

/** Writes the next part; answers how many objects are in it. */
function writePart(db: Database, tenant: string, at: ExportRow): Promise<number> {
  const { kind, format, lastKey, parts } = at;
  return db.write({ tenant }, async (em) => {
    const stored = await recordsAfter(em, kind, lastKey, ROWS);
    const head = parts === 0 ? writeHead(kind, format) : '';
    if (stored.length === 0 && head === '') return 0;
    const text = head + stored.map(({ row }) => writeRow(kind, format, row)).join('');
    await keepWritten(em, at, { text, rows: stored.length, lastKey: stored.at(-1)?.place ?? lastKey });
    return stored.length;
  });
}
