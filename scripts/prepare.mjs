/** Brings a clone to the point where it can run: installed, generated, built. Does nothing, fast, when it is there already. */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './install.mjs';
import { bin, root } from './paths.mjs';
import { childEnvironment } from './run.mjs';
import { whenStale } from './stamp.mjs';

const NODE = 24;
const GENERATED = {
  name: 'generate',
  sources: [
    'packages/proto/postern',
    'packages/proto/scripts',
    'packages/proto/buf.yaml',
    'packages/proto/buf.gen.yaml',
  ],
  outputs: ['packages/proto/src/gen/index.ts', 'packages/proto/descriptors.binpb'],
};

/** Packages and generated code: all that development, checks and tests need. */
export function prepareSources() {
  install();
  requireNode();
  whenStale(GENERATED, () => call('node', ['packages/proto/scripts/generate.mjs']));
}

/** Sources, and the built output that a server runs from. */
export function prepareBuild() {
  prepareSources();
  const built = {
    name: 'build',
    sources: ['apps', 'packages', 'tsconfig.base.json'],
    outputs: outputs(),
    ignore: /\.test\.tsx?$|\.md$/,
  };
  whenStale(built, () => {
    console.error('Building ...');
    call('turbo', ['run', 'build', '--output-logs=errors-only']);
  });
}

/** Node 24 comes as a package for Linux; elsewhere it must be on the machine. */
function requireNode() {
  if (existsSync(bin('node')) || Number(process.versions.node.split('.')[0]) >= NODE) return;
  console.error(`Postern needs Node ${NODE} on this platform; this is ${process.version}.`);
  process.exit(1);
}

/** What the build leaves behind, so that a removed `dist` is noticed. */
function outputs() {
  return ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(root, group))
      .filter((name) => existsSync(join(root, group, name, 'package.json')))
      .map((name) => join(group, name, 'dist')),
  );
}

/** Runs a step whose output belongs to standard error: standard output is the server's, or the test results'. */
function call(command, args) {
  try {
    execFileSync(command, args, { cwd: root, env: childEnvironment(), stdio: ['ignore', 2, 2] });
  } catch {
    console.error(`Failed: ${command} ${args.join(' ')}`);
    process.exit(1);
  }
}
