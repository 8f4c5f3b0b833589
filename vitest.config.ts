import { defaultExclude, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Workspaces resolve to their sources, so that tests need no build. */
const conditions = ['@postern/source', 'node', 'module-sync'];
const resolve = { conditions, externalConditions: conditions };

/** Files that take far longer than their size, by which a first run orders them, lets expect. */
const LONG =
  /(?:rights\/(?:delegation|matrix)|headless\/(?:mail-bombing|pool)|(?:nats|local)\.bus|worker\.crash)\.test\.ts$/;

/** Those begin, so that no worker waits for the other in the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const [long = [], short = []] = [true, false].map((is) =>
      sorted.filter(({ moduleId }) => LONG.test(moduleId) === is),
    );
    return [...long, ...short];
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve },
  // The environment that the global set-up is loaded in.
  environments: { __vitest__: { resolve } },
  test: {
    include: ['{apps,packages,scripts,tests}/**/*.test.{ts,tsx}'],
    exclude: [...defaultExclude, '**/dist/**', 'tests/e2e/**', 'apps/web/**'],
    globalSetup: ['./packages/testkit/src/global-setup.ts'],
    pool: 'forks',
    // No module keeps state, so files may share those that are loaded: half of the time of a run.
    isolate: false,
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
