/** `npm test`: checks, unit tests, end-to-end tests. `npm run test:e2e`: those only. The last line is `N passed, N failed`. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from './checks.mjs';
import { root } from './paths.mjs';
import { prepareBuild } from './prepare.mjs';
import { runToEnd } from './run.mjs';
import { tally } from './tally.mjs';

const SUITES = [
  { name: 'unit', config: 'vitest.config.ts' },
  { name: 'pages', config: 'apps/web/vitest.config.ts' },
  { name: 'e2e', config: 'tests/e2e/vitest.config.ts' },
];

/** What Node compiled for one process of a run is there for the next. Servers outside of tests have none: it costs memory. */
const COMPILED = join(root, 'node_modules/.cache/compiled');

/** Runs one suite and counts its tests. A run that crashed counts as a failure, whatever it managed to report. */
async function runSuite({ name, config }) {
  if (!existsSync(join(root, config))) return { passed: 0, failed: 0, failures: [] };
  const folder = mkdtempSync(join(tmpdir(), 'postern-results-'));
  const file = join(folder, `${name}.json`);
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const args = ['run', '--config', config, '--passWithNoTests', ...reporters];
    const code = await runToEnd('vitest', args, { env: { NODE_COMPILE_CACHE: COMPILED } });
    return tally(code, existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const chosen = process.argv.slice(2);
const suites = chosen.length === 0 ? SUITES : SUITES.filter(({ name }) => chosen.includes(name));
if (suites.length < chosen.length) {
  console.error(`Unknown suite. Suites are: ${SUITES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

prepareBuild();
const results = chosen.length === 0 ? [await check()] : [];
for (const suite of suites) results.push(await runSuite(suite));
const passed = results.reduce((sum, each) => sum + each.passed, 0);
const failed = results.reduce((sum, each) => sum + each.failed, 0);
// What the middle of a long log may have lost.
for (const failure of results.flatMap(({ failures }) => failures)) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
