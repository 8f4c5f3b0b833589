/**
 * Takes the indentation out of the codecs that were built. V8 keeps the text of every module that is loaded for as long as the process lives, and more than
 * half of this text is indentation: 4 MiB of memory. Lines stay where they are.
 */

import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const gen = join(import.meta.dirname, '..', 'dist', 'gen');
const COMMENT = /^\s*(?:\/\/|\/?\*).*$/gm;

for (const file of globSync('**/*.js', { cwd: gen })) {
  const path = join(gen, file);
  const text = readFileSync(path, 'utf8');
  // The white space of a text that spans lines belongs to it.
  if (text.replaceAll(COMMENT, '').includes('`')) continue;
  const compact = text.replaceAll(/^ +/gm, '');
  if (compact !== text) writeFileSync(path, compact);
}
