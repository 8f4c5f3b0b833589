/** `npm start`: everything in one process, from a fresh clone on. Arguments go to the `postern` command (`npm start -- auth`). */

import { prepareBuild } from './prepare.mjs';
import { runServer } from './run.mjs';

prepareBuild();
// A small young generation: docs/decisions/0093-a-small-young-generation.md
process.exitCode = await runServer([
  '--max-semi-space-size=2',
  'apps/standalone/dist/main.js',
  ...process.argv.slice(2),
]);
