/** `npm run fuzz [-- <seed>]`: sends 100,000 requests that nobody should send. Without a seed a new one is taken, and told, so that a failure can be repeated. */

import { prepareSources } from './prepare.mjs';
import { runToEnd } from './run.mjs';

const [given] = process.argv.slice(2);
const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
if (!Number.isSafeInteger(seed)) {
  console.error('The seed is a whole number.');
  process.exit(2);
}
prepareSources();
console.log(`Seed ${seed}`);
const env = { POSTERN_FUZZ_SEED: String(seed) };
process.exitCode = await runToEnd('vitest', ['run', '--config', 'vitest.fuzz.config.ts'], { env });
