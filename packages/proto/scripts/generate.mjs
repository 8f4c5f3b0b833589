/** Generates what the protos imply: vendored imports, TypeScript codecs, the descriptor set, and one namespace per proto package. */

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { printFile } from './print-proto.mjs';

const home = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const google = dirname(require.resolve('google-proto-files/package.json'));
const buf = join(dirname(require.resolve('@bufbuild/buf/package.json')), 'bin', 'buf');

const VENDORED = [
  'google/api/annotations.proto',
  'google/api/field_behavior.proto',
  'google/api/http.proto',
  'google/api/httpbody.proto',
  'google/rpc/error_details.proto',
  'google/rpc/status.proto',
];

function vendor() {
  const target = join(home, 'third_party');
  rmSync(target, { recursive: true, force: true });
  for (const file of VENDORED) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(google, file), join(target, file));
  }
  mkdirSync(join(target, 'buf/validate'), { recursive: true });
  writeFileSync(join(target, 'buf/validate/validate.proto'), printFile(file_buf_validate_validate));
}

function run(...args) {
  execFileSync(process.execPath, [buf, ...args], { cwd: home, stdio: 'inherit' });
}

/** postern/directory/v1/*.proto become the namespace `directory`. */
function index(gen) {
  const byPackage = new Map();
  for (const file of globSync('**/*.ts', { cwd: gen }).sort()) {
    const [, name] = file.match(/^postern\/(\w+)\/v1\//) ?? [];
    const known = {
      'google/rpc/status.ts': 'rpc',
      'google/rpc/error_details.ts': 'rpc',
      'google/api/httpbody.ts': 'http',
    };
    const namespace = name ?? known[file];
    if (namespace) byPackage.set(namespace, [...(byPackage.get(namespace) ?? []), file]);
  }
  for (const [name, files] of byPackage) {
    const lines = files.map((file) => `export * from './${file}';\n`);
    writeFileSync(join(gen, `${name}.ns.ts`), lines.join(''));
  }
  const namespaces = [...byPackage.keys()].map((name) => `export * as ${name} from './${name}.ns.ts';\n`);
  writeFileSync(join(gen, 'index.ts'), namespaces.join(''));
}

/** Generates beside what is there, then changes places: whoever reads the code meanwhile sees the old or the new. */
function generate() {
  const aside = join(home, 'src', `.gen-${process.pid}`);
  const [fresh, target, old] = [join(aside, 'src/gen'), join(home, 'src/gen'), join(aside, 'old')];
  try {
    run('generate', '-o', aside);
    index(fresh);
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

vendor();
// Built first: protos with a mistake leave the code of before in its place.
run('build', '-o', 'descriptors.binpb', '--as-file-descriptor-set');
generate();
