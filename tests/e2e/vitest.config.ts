import { defineConfig } from 'vitest/config';

/** Workspaces resolve to their sources, so that the journeys' own code needs no build; the servers they start are the built ones. */
const conditions = ['@postern/source', 'node', 'module-sync'];
const resolve = { conditions, externalConditions: conditions };

/** Journeys that kill, crowd or time what they started: two cores carry one of them at a time. */
const ALONE = ['abuse', 'blueprints.crash', 'crash', 'jobs', 'replicas', 'tenants'].map(
  (name) => `src/${name}.test.ts`,
);

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions },
  ssr: { resolve },
  test: {
    globalSetup: ['./src/prepared.setup.ts'],
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        // These wait for browsers, servers and each other most of the time.
        test: {
          name: 'together',
          include: ['src/**/*.test.ts'],
          exclude: ALONE,
          isolate: false,
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
    ],
  },
});
