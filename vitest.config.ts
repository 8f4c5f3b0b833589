import { defaultExclude, defineConfig } from 'vitest/config';

/** Workspaces resolve to their sources, so that tests need no build. */
const conditions = ['@postern/source', 'node', 'module-sync'];
const resolve = { conditions, externalConditions: conditions };

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
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
