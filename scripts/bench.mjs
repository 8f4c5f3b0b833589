/** `npm run bench [name ...]`: prints what things cost. Numbers come from here, never from a timed test. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { prepareBuild } from './prepare.mjs';
import { runToEnd } from './run.mjs';

const folder = join(root, 'tests/bench/src');
const all = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.bench.ts'))
      .sort()
  : [];
const wanted = process.argv.slice(2);
const chosen = all.filter((file) => wanted.length === 0 || wanted.includes(file.replace('.bench.ts', '')));
if (chosen.length === 0) {
  console.error(`No such benchmark. There are: ${all.map((file) => file.replace('.bench.ts', '')).join(', ')}`);
  process.exit(2);
}
prepareBuild();
for (const file of chosen) {
  process.exitCode ||= await runToEnd('node', ['--conditions=@postern/source', '--expose-gc', join(folder, file)]);
}
