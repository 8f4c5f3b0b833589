import type { Database } from '@postern/database';
import { createJobs, handles, type JobHandler, type JobRun, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { Sealer } from '@postern/rpc';
import { FileProblem, type ReadRow, readRows } from '../files/index.ts';
import { findAsker } from '../rows/index.ts';
import { type BatchDeps, readBatch } from './import.batch.ts';
import { IMPORT_ATTEMPTS, READ_IMPORT, TURN_MS } from './import.order.ts';
import { findImport, findPart, finishImport, type ImportRow, setTotal } from './import.repository.ts';

/** What reading files needs. */
export type ImportJobDeps = BatchDeps & {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly sealer: Sealer;
  readonly clock: { now(): Date };
  /** Milliseconds of a turn. */
  readonly turnMs?: number;
};

/** Rows of one transaction. When a process dies, so many at most are begun anew. The server keeps about as many savepoints at hand. */
const BATCH = 50;

/** From this try on, a row that fails for a reason of ours is reported as failed, so that those behind it are read. */
const BLAMING_ATTEMPT = 3;

/** Rows that a file may have. */
const MOST_ROWS = 1_000_000;

/**
 * The job that does what the rows of a file say, for a turn, and then asks for the next turn. A batch of rows is one transaction with what became of
 * them; the next one, in this process or another, goes on behind it. Whoever asked has the rights that they have when a batch begins.
 */
export function createImportJob(deps: ImportJobDeps): JobHandler {
  const { db, outbox, clock, turnMs = TURN_MS } = deps;
  const jobs = createJobs({ outbox });

  const finish = (tenant: string, id: string, error: string) =>
    db.write({ tenant }, (em) => finishImport(em, id, error, clock.now()));

  async function turn(known: ImportRow, run: JobRun): Promise<'read' | 'paused' | 'left'> {
    const { tenant, signal, progress } = run;
    const total = known.total ?? (await count(deps, tenant, known));
    const until = performance.now() + turnMs;
    let at = known;
    for await (const batch of batchesOf(rowsOf(deps, tenant, known), known.done)) {
      if (performance.now() > until) return 'paused';
      signal.throwIfAborted();
      const asker = await findAsker(deps, tenant, known.user, known.pk);
      if (asker === undefined) throw new FileProblem('Whoever asked for the import may not sign in any more.');
      const blamesRows = run.attempt >= BLAMING_ATTEMPT;
      if (!(await readBatch(deps, { known: at, rows: batch, asker, blamesRows }))) return 'left';
      at = { ...at, done: at.done + batch.length };
      progress(at.done, total);
    }
    return 'read';
  }

  return handles(
    READ_IMPORT,
    async ({ id }, run) => {
      const { tenant } = run;
      const known = await db.read({ tenant }, (em) => findImport(em, id));
      if (known?.status !== 'running') return { messages: ['There is nothing to do.'] };
      try {
        const end = await turn(known, run);
        // Whoever went on with it ends it, too; nobody does that was deleted meanwhile.
        if (end === 'left') return { messages: ['It is no longer ours to read.'] };
        if (end === 'paused') {
          await db.write({ tenant }, (em) => jobs.enqueue(em, { tenant }, job(READ_IMPORT, { id })));
          return { messages: ['To be continued.'] };
        }
      } catch (error) {
        if (!(error instanceof FileProblem)) {
          // Nobody tries again: an import that says it is running would be waited for.
          if (run.attempt >= IMPORT_ATTEMPTS) await finish(tenant, id, GIVEN_UP);
          throw error;
        }
        await finish(tenant, id, error.message);
        return { status: 'warning', messages: [error.message] };
      }
      await finish(tenant, id, '');
      return { messages: [`Read ${known.kind}.`] };
    },
    { description: 'Read files of users, groups and roles', task: 'read_directory_import', uid: ({ id }) => id },
  );
}

const GIVEN_UP = 'It could not go on, for a reason that the log of the server knows. What was read stays.';

/** The rows of a file, from the first. */
function rowsOf({ db }: ImportJobDeps, tenant: string, { pk, kind, format }: ImportRow): AsyncGenerator<ReadRow> {
  async function* pieces() {
    for (let number = 1; ; number++) {
      const content = await db.read({ tenant }, (em) => findPart(em, pk, number));
      if (content === undefined) return;
      yield content;
    }
  }
  return readRows(kind, format, pieces());
}

/** Counts the rows, and by that looks whether the file can be read at all before anything is done. Throws FileProblem. */
async function count(deps: ImportJobDeps, tenant: string, known: ImportRow): Promise<number> {
  let total = 0;
  for await (const _row of rowsOf(deps, tenant, known)) total += 1;
  if (total > MOST_ROWS) throw new FileProblem(`A file has at most ${MOST_ROWS} rows.`);
  await deps.db.write({ tenant }, (em) => setTotal(em, known.pk, total));
  return total;
}

/** Rows behind those that were looked at, a batch at a time. */
async function* batchesOf(rows: AsyncIterable<ReadRow>, done: number): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = [];
  for await (const row of rows) {
    if (row.number <= done) continue;
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
