/** What a change must satisfy before its tests count. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { protoBreaking } from './breaking.mjs';
import { root } from './paths.mjs';
import { capture } from './run.mjs';

const CHECKS = [
  ['types', () => capture('tsc', ['-p', 'tsconfig.check.json', '--noEmit'])],
  [
    'types of the pages',
    () => whenPresent('apps/web/tsconfig.json', () => capture('tsc', ['-p', 'apps/web', '--noEmit'])),
  ],
  ['format and lint', () => capture('biome', ['ci', '--colors=off', '--max-diagnostics=50'])],
  ['architecture', () => capture('node', ['scripts/architecture.mjs'])],
  ['proto lint', () => capture('buf', ['lint'], { cwd: join(root, 'packages/proto') })],
  ['proto compatibility', protoBreaking],
  ['generated pages', () => capture('node', ['--conditions=@postern/source', 'scripts/pages.ts', '--check'])],
];

/** Runs all checks, two at a time, and prints one line for each; what a failed one printed follows its line. */
export async function check() {
  const waiting = [...CHECKS];
  const totals = { passed: 0, failures: [] };
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (await report(...next)) totals.passed += 1;
      else totals.failures.push(next[0]);
    }
  };
  await Promise.all([worker(), worker()]);
  return { ...totals, failed: totals.failures.length };
}

async function report(name, run) {
  const start = performance.now();
  const { code, output } = await run();
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

function whenPresent(path, run) {
  return existsSync(join(root, path)) ? run() : { code: 0, output: '' };
}
