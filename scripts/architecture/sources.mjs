/** The source files of a tree, with what the rules ask about each. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { importsOf, withoutComments, withoutText } from './imports.mjs';

const SKIPPED = new Set(['node_modules', 'dist', 'gen', 'third_party', 'coverage', 'test-results']);
const GROUPS = ['apps', 'packages', 'tests'];

/** Reads a tree: `{ files, workspaces }`. Paths are relative to the root. */
export function readTree(root) {
  const paths = GROUPS.flatMap((group) => walk(join(root, group))).map((path) => relative(root, path));
  const files = paths.filter((path) => /\.(ts|tsx|proto)$/.test(path)).map((path) => fileOf(root, path));
  const known = new Set(files.map((file) => file.path));
  for (const file of files) for (const each of file.imports) each.target = resolve(file, each.specifier, known);
  return { files, paths };
}

function walk(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !SKIPPED.has(entry.name) && !entry.name.startsWith('.'))
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function fileOf(root, path) {
  const text = readFileSync(join(root, path), 'utf8');
  const proto = path.endsWith('.proto');
  const code = proto ? '' : withoutComments(text);
  const [group, workspace, , ...inside] = path.split('/');
  const name = path.split('/').at(-1);
  return {
    path,
    text,
    code,
    bare: withoutText(code),
    imports: proto ? [] : importsOf(code),
    lines: text.split('\n').length - 1,
    group,
    workspace: `${group}/${workspace}`,
    app: group === 'apps' ? workspace : undefined,
    package: group === 'packages' ? workspace : undefined,
    feature: inside.length > 1 ? inside[0] : undefined,
    name,
    role: roleOf(name),
    proto,
    test:
      /\.test\.tsx?$/.test(name) ||
      /\.(builder|fixture)\.ts$/.test(name) ||
      path.includes('/tests/') ||
      path.includes('/src/testing/') ||
      group === 'tests' ||
      workspace === 'testkit',
    migration: path.includes('/migrations/') || /migrations?\.ts$/.test(name),
  };
}

/** `user.entity.ts` is an entity; `index.ts`, `app.ts` and `main.ts` are roles of their own. */
function roleOf(name) {
  const parts = name.replace(/\.tsx?$/, '').split('.');
  if (parts.length === 1) return ['index', 'app', 'main'].includes(parts[0]) ? parts[0] : undefined;
  return parts.at(-1);
}

function resolve(file, specifier, known) {
  if (!specifier.startsWith('.')) return undefined;
  const path = join(dirname(file.path), specifier);
  return [path, path.replace(/\.js$/, '.ts'), `${path}.ts`].find((candidate) => known.has(candidate)) ?? path;
}
