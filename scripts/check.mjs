/** `npm run check`: format, lint, types, architecture, protos. Every check runs; the exit code tells whether all passed. */

import { check } from './checks.mjs';
import { prepareSources } from './prepare.mjs';

prepareSources();
const { failed } = await check();
process.exitCode = failed === 0 ? 0 : 1;
