/** Remembers for which sources a step was last done, so that a step whose sources did not change costs milliseconds. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stamps } from './paths.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'gen', 'third_party', '.turbo', '.vite', 'coverage']);

/** Files below a folder or a file itself, without what is generated or installed. */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]));
}

/** A digest of the names, sizes and times of the sources. */
function digestOf(sources, ignore) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesBelow(join(root, source)).sort()) {
      if (ignore?.test(file)) continue;
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** Runs `step` unless it was done for these very sources and all `outputs` exist. Returns whether it ran. */
export function whenStale({ name, sources, outputs, ignore }, step) {
  const file = join(stamps, name);
  const digest = digestOf(sources, ignore);
  const complete = outputs.every((output) => existsSync(join(root, output)));
  if (complete && existsSync(file) && readFileSync(file, 'utf8') === digest) return false;
  rmSync(file, { force: true });
  step();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(file, digest);
  return true;
}
