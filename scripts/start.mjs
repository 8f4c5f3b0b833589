/** `npm start`: everything in one process, from a fresh clone on. Arguments go to the `postern` command (`npm start -- auth`). */

import { prepareBuild } from './prepare.mjs';
import { runServer } from './run.mjs';

prepareBuild();
process.exitCode = await runServer(['--enable-source-maps', 'apps/standalone/dist/main.js', ...process.argv.slice(2)]);
