/** Brings a clone to the point where it can run: installed, generated, built. Does nothing, fast, when it is there already. */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { install } from './install.mjs';
import { bin, root } from './paths.mjs';
import { childEnvironment } from './run.mjs';
import { filesBelow, whenStale } from './stamp.mjs';

const NODE = 24;
/** Sources that the workspaces leave out of what they build. */
const UNBUILT = /\.(?:test|fixture|builder)\.tsx?$|\/testing\//;
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
    forgetRenamed();
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

/**
 * Lets a workspace with a source that has no output build anew: the compiler takes a file that was renamed for one that it has written
 * already, and never writes it under its new name.
 */
function forgetRenamed() {
  for (const dist of outputs().map((path) => join(root, path))) {
    const src = join(dirname(dist), 'src');
    const outputOf = (file) => join(dist, relative(src, file)).replace(/\.tsx?$/, '.js');
    const isBuilt = (file) => !/\.tsx?$/.test(file) || UNBUILT.test(file) || existsSync(outputOf(file));
    if (!filesBelow(src).every(isBuilt)) rmSync(join(dist, '.tsbuildinfo'), { force: true });
  }
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
