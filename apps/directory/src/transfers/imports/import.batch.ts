import { PosternError } from '@postern/errors';
import type { Guarding } from '@postern/resource';
import type { ReadRow } from '../files/index.ts';
import {
  type Asker,
  createLookups,
  createRowApplier,
  ownNames,
  type RowBundle,
  type RowBundles,
  type RowOutcome,
} from '../rows/index.ts';
import { expectedAmong, type ImportRow, noteRows, takeTurn } from './import.repository.ts';

/** What reading a batch of rows needs. */
export type BatchDeps = {
  readonly bundles: RowBundles;
  /** The guard around what callers change. */
  readonly guarding: Guarding;
};

/** Rows of an import that belong together. */
export type RowBatch = {
  readonly known: ImportRow;
  readonly rows: readonly ReadRow[];
  readonly asker: Asker;
  readonly blamesRows: boolean;
};

/**
 * Does what the rows of a batch say and notes what became of them, all in one transaction; false when the import was forgotten or somebody else
 * went on with it. Each row can fail alone. The guard looks at all of them together, and begins anew with a look at each
 * where it refuses that.
 */
export async function readBatch(deps: BatchDeps, batch: RowBatch): Promise<boolean> {
  const attempt = (guardsRows: boolean) =>
    deps.bundles.run(batch.asker.context.tenant, (bundle) => readIn(deps, bundle, batch, guardsRows));
  try {
    return await attempt(false);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return attempt(true);
  }
}

/** The guard refused the rows of a batch together. */
class Refused extends Error {}

async function readIn(deps: BatchDeps, bundle: RowBundle, batch: RowBatch, guardsRows: boolean): Promise<boolean> {
  const { known, asker } = batch;
  const { em } = bundle;
  if (!(await takeTurn(em, known))) return false;
  const guarded = <Result>(work: () => Promise<Result>) => deps.guarding(em, asker.context, work);
  const one = <Result>(work: () => Promise<Result>) => bundle.row(() => (guardsRows ? guarded(work) : work()));
  const read = () => all(guardsRows ? plain : guarded, () => applyAll(deps, bundle, batch, one));
  const outcomes = known.dryRun ? await takenBack(bundle, read) : await read();
  return noteRows(em, known, outcomes);
}

const plain: Around = (work) => work();

type Around = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** What fails around the rows, and not in them, is the guard's refusal, as far as it is about them. */
async function all(around: Around, work: () => Promise<RowOutcome[]>): Promise<RowOutcome[]> {
  let isDone = false;
  try {
    return await around(async () => {
      const outcomes = await work();
      isDone = true;
      return outcomes;
    });
  } catch (error) {
    if (isDone && error instanceof PosternError && error.code === 'INVALID_ARGUMENT') throw new Refused();
    throw error;
  }
}

/** Does work, and takes it back. */
async function takenBack<Result>(bundle: RowBundle, work: () => Promise<Result>): Promise<Result> {
  let answer: { readonly given: Result } | undefined;
  await bundle
    .row(async () => {
      answer = { given: await work() };
      throw new TakenBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
  if (answer === undefined) throw new Error('nothing was done that could be taken back');
  return answer.given;
}

class TakenBack extends Error {}

async function applyAll(
  { bundles: { api } }: BatchDeps,
  { em }: RowBundle,
  { known, rows, asker, blamesRows }: RowBatch,
  within: Around,
): Promise<RowOutcome[]> {
  const lookups = await createLookups(em, known.kind, rows);
  const expected = known.dryRun ? await expectedAmong(em, known.pk, ownNames(known.kind, rows)) : new Set<string>();
  const outcomes: RowOutcome[] = [];
  const applyRow = createRowApplier({
    api,
    asker,
    kind: known.kind,
    blamesRows,
    lookups,
    within,
    isExpected: (name) => expected.has(name),
  });
  for (const row of rows) outcomes.push(await applyRow(row));
  return outcomes;
}
