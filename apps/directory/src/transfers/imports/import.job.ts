import type { Database } from '@postern/database';
import { createJobs, handles, type JobHandler, type JobRun, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import type { Sealer } from '@postern/rpc';
import { FileProblem, type ReadRow, readRows } from '../files/index.ts';
import { type Asker, createRowApplier, findAsker, type LocalApi, type RowOutcome } from '../rows/index.ts';
import { IMPORT_ATTEMPTS, READ_IMPORT, TURN_MS } from './import.order.ts';
import {
  findImport,
  findPart,
  finishImport,
  type ImportRow,
  isExpected,
  noteRows,
  setTotal,
} from './import.repository.ts';

/** What reading files needs. */
export type ImportJobDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly sealer: Sealer;
  readonly clock: { now(): Date };
  /** What rows go through. */
  readonly api: LocalApi;
  /** The same, with everything taken back. */
  readonly dryApi: LocalApi;
  /** Milliseconds of a turn. */
  readonly turnMs?: number;
};

/** Rows whose outcome is noted at once. When a process dies, so many are looked at again: what they say is so already then. */
const BATCH = 50;

/** From this try on, a row that fails for a reason of ours is reported as failed, so that those behind it are read. */
const BLAMING_ATTEMPT = 3;

/** Rows that a file may have. */
const MOST_ROWS = 1_000_000;

/**
 * The job that does what the rows of a file say, for a turn, and then asks for the next turn. It notes what became of rows batch by batch and goes
 * on behind the last one that was noted. Whoever asked has the rights that they have when a batch begins.
 */
export function createImportJob(deps: ImportJobDeps): JobHandler {
  const { db, outbox, clock, turnMs = TURN_MS } = deps;
  const jobs = createJobs({ outbox });

  const finish = (tenant: string, id: string, error: string) =>
    db.write({ tenant }, (em) => finishImport(em, id, error, clock.now()));

  async function turn(known: ImportRow, run: JobRun): Promise<boolean> {
    const { tenant, signal, progress } = run;
    const total = known.total ?? (await count(deps, tenant, known));
    const until = performance.now() + turnMs;
    let at = known;
    for await (const batch of batchesOf(rowsOf(deps, tenant, known), known.done)) {
      if (performance.now() > until) return false;
      signal.throwIfAborted();
      const asker = await findAsker(deps, tenant, known.user, known.pk);
      if (asker === undefined) throw new FileProblem('Whoever asked for the import may not sign in any more.');
      const rows = await apply(deps, at, batch, asker, run.attempt >= BLAMING_ATTEMPT);
      if (!(await db.write({ tenant }, (em) => noteRows(em, at, rows)))) return true;
      at = { ...at, done: at.done + rows.length };
      progress(at.done, total);
    }
    return true;
  }

  return handles(
    READ_IMPORT,
    async ({ id }, run) => {
      const { tenant } = run;
      const known = await db.read({ tenant }, (em) => findImport(em, id));
      if (known?.status !== 'running') return { messages: ['There is nothing to do.'] };
      try {
        if (!(await turn(known, run))) {
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

async function apply(
  deps: ImportJobDeps,
  known: ImportRow,
  batch: readonly ReadRow[],
  asker: Asker,
  blamesRows: boolean,
): Promise<RowOutcome[]> {
  const { tenant } = asker.principal;
  const outcomes: RowOutcome[] = [];
  const applyRow = createRowApplier({
    api: known.dryRun ? deps.dryApi : deps.api,
    asker,
    kind: known.kind,
    isDryRun: known.dryRun,
    blamesRows,
    isExpected: async (name) =>
      outcomes.some(({ key, outcome }) => key === name && outcome === 'created') ||
      deps.db.read({ tenant }, (em) => isExpected(em, known.pk, name)),
    read: (work) => deps.db.read({ tenant }, work),
  });
  for (const row of batch) outcomes.push(await applyRow(row));
  return outcomes;
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
