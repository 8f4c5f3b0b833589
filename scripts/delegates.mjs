/**
 * `npm run delegates [-- <sequences> [<seed>]]`: what delegates may try, at random, every night: 10,000 sequences unless it says otherwise. Without a seed a
 * new one is taken, and told, so that a failure can be repeated.
 */

import { prepareSources } from './prepare.mjs';
import { runToEnd } from './run.mjs';

const [count = '10000', given = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);
if (!/^[1-9]\d{0,6}$/.test(count) || !/^\d{1,10}$/.test(given)) {
  console.error('The number of sequences and the seed are whole numbers.');
  process.exit(2);
}
prepareSources();
// Each part founds its own database: what thousands of tenants leave behind slows nothing down.
const PART = 1_000;
for (let done = 0; done < Number(count) && !process.exitCode; done += PART) {
  const env = { SEQUENCES: String(Math.min(PART, Number(count) - done)), SEED: String(Number(given) + done) };
  console.log(`${env.SEQUENCES} sequences from seed ${env.SEED}`);
  process.exitCode = await runToEnd('vitest', ['run', 'apps/standalone/src/rights/delegation.test.ts'], { env });
}
