/** `npm start`: everything in one process, from a fresh clone on. Arguments go to the `postern` command (`npm start -- auth`). */

import { prepareBuild } from './prepare.mjs';
import { runServer } from './run.mjs';

prepareBuild();
// How large the young generation may get: docs/decisions/0190-memory-is-given-back-at-rest.md
process.exitCode = await runServer([
  '--max-semi-space-size=16',
  'apps/standalone/dist/main.js',
  ...process.argv.slice(2),
]);
