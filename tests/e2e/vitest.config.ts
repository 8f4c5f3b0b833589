import { defineConfig } from 'vitest/config';

/** Workspaces resolve to their sources, so that the journeys' own code needs no build; the servers they start are the built ones. */
const conditions = ['@postern/source', 'node', 'module-sync'];
const resolve = { conditions, externalConditions: conditions };

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve },
  test: {
    include: ['src/**/*.test.ts'],
    pool: 'forks',
    // Each journey starts whole servers; two cores carry one at a time.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
