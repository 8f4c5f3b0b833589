/**
 * `npm run bench [-- part ...] [--sources] [--profile=<folder>]`: prints what things cost. Numbers come from here, never from a timed test.
 * It measures what is built, as `npm start` runs it; with `--sources` the sources as they stand.
 */

import { prepareBuild, prepareSources } from './prepare.mjs';
import { runToEnd } from './run.mjs';

const args = process.argv.slice(2);
if (args.includes('--sources')) prepareSources();
else prepareBuild();
process.exitCode = await runToEnd('node', ['--conditions=@postern/source', 'tests/bench/src/main.ts', ...args]);
