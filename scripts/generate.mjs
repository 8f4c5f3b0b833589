/** `npm run generate`: code from the protos, and the pages of docs/ that are made from code. */

import { existsSync } from 'node:fs';
import { install } from './install.mjs';
import { runToEnd } from './run.mjs';

install();
const SOURCE = '--conditions=@postern/source';
const steps = [['packages/proto/scripts/generate.mjs'], [SOURCE, 'scripts/pages.ts']];
for (const step of steps) {
  if (existsSync(step.at(-1))) process.exitCode ||= await runToEnd('node', step);
}
