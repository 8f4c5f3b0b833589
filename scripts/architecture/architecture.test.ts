import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { checkArchitecture } from './check.mjs';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** What the rules say about a tree of these files. */
function complaintsOf(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'postern-rules-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkArchitecture(root);
}

const lines = (count: number) => 'export const a = 1;\n'.repeat(count);
const users = 'apps/directory/src/users';

const refused: [string, Record<string, string>, string][] = [
  [
    'an import cycle',
    { 'packages/a/src/x.ts': "import { y } from './y.ts';", 'packages/a/src/y.ts': "export * from './x.ts';" },
    'an import cycle',
  ],
  [
    'a deep import',
    { 'packages/a/src/x.ts': "import { b } from '@postern/rpc/src/chain.ts';" },
    'only the index of a workspace is open',
  ],
  [
    'a relative path out of the workspace',
    { 'packages/a/src/x.ts': "import { b } from '../../b/src/index.ts';" },
    'leaves its workspace',
  ],
  [
    'a source that imports what belongs to tests',
    { 'packages/a/src/x.ts': "import type { b } from './b.fixture.ts';", 'packages/a/src/b.fixture.ts': '' },
    'it belongs to tests',
  ],
  [
    'an app that imports an app',
    { 'apps/a/src/x.ts': "import { b } from '@postern/b';", 'apps/b/src/index.ts': '' },
    'imports the app b',
  ],
  [
    'a package that imports an app',
    { 'packages/a/src/x.ts': "import { b } from '@postern/b';", 'apps/b/src/index.ts': '' },
    'is a package and imports the app b',
  ],
  [
    'a dynamic import of an app',
    { 'apps/a/src/x.ts': "const b = import('@postern/b');", 'apps/b/src/index.ts': '' },
    'imports the app b',
  ],
  [
    'a repository that imports operations',
    { [`${users}/user.repository.ts`]: "import { rename } from './user.operations.ts';" },
    'the arrow points the wrong way',
  ],
  [
    'an entity that imports its codec',
    { [`${users}/user.entity.ts`]: "import type { C } from './user.codec.ts';" },
    'the arrow points the wrong way',
  ],
  [
    'a codec that imports a repository',
    { [`${users}/user.codec.ts`]: "import { r } from './user.repository.ts';" },
    'the arrow points the wrong way',
  ],
  [
    'a feature that imports the app',
    { [`${users}/user.rpc.ts`]: "import { app } from '../app.ts';" },
    'the arrow points the wrong way',
  ],
  [
    'an rpc that goes through its own door',
    { [`${users}/user.rpc.ts`]: "import { createUsers } from './index.ts';" },
    'the arrow points the wrong way',
  ],
  [
    'a step that imports the rpc layer',
    { [`${users}/check-name.ts`]: "import { u } from './user.rpc.ts';" },
    'the arrow points the wrong way',
  ],
  [
    'a feature that reaches into another',
    { [`${users}/user.operations.ts`]: "import { g } from '../groups/group.repository.ts';" },
    'features meet through index.ts',
  ],
  [
    'a repository that knows generated messages',
    { [`${users}/user.repository.ts`]: "import type { directory } from '@postern/proto';" },
    'generated messages',
  ],
  [
    'a step that decodes messages itself',
    { [`${users}/check-name.ts`]: "import { directory } from '@postern/proto';" },
    'imports codecs',
  ],
  [
    'operations that handle the mapper',
    { [`${users}/user.operations.ts`]: "import { raw } from '@mikro-orm/core';" },
    'imports MikroORM',
  ],
  [
    'a package that handles the mapper',
    { 'packages/rpc/src/x.ts': "import { raw } from '@mikro-orm/core';" },
    'imports MikroORM',
  ],
  [
    'fastify outside the gateway',
    { 'apps/auth/src/x.ts': "import cors from '@fastify/cors';" },
    'HTTP lives in the gateway',
  ],
  ['a source file of 401 lines', { 'packages/a/src/x.ts': lines(401) }, '400 is the limit'],
  ['a test file of 801 lines', { 'packages/a/src/x.test.ts': lines(801) }, '800 is the limit'],
  ['a proto file of 601 lines', { 'packages/proto/postern/a/v1/a.proto': '// A.\n'.repeat(601) }, '600 is the limit'],
  ['a file called helper', { 'packages/a/src/user-helper.ts': '' }, '"helper" says nothing'],
  ['a package called utils', { 'packages/utils/src/index.ts': '' }, '"utils" says nothing'],
  ['a file in camel case', { 'packages/a/src/userName.ts': '' }, 'kebab-case'],
  [
    'the environment outside the settings',
    { 'packages/a/src/x.ts': 'export const home = process.env.HOME;' },
    'reads process.env',
  ],
  [
    'a cast through unknown',
    { 'packages/a/src/x.ts': 'export const x = 1 as unknown as string;' },
    'casts through unknown',
  ],
  ['a cast to any', { 'packages/a/src/x.ts': 'export const x = (1 as any).y;' }, 'casts to any'],
  [
    'a silenced compiler',
    { 'packages/a/src/x.ts': '// @ts-ignore because\nexport const x = 1;' },
    'silences the compiler',
  ],
  ['a test that is left out', { 'packages/a/src/x.test.ts': "it.skip('x', () => {});" }, 'leaves a test out'],
  ['postponed work', { 'packages/a/src/x.ts': '// TODO later' }, 'postpones work'],
  ['the console', { 'packages/a/src/x.ts': "console.log('x');" }, 'writes to the console'],
  ['a default export', { 'packages/a/src/x.ts': 'export default 1;' }, 'default export'],
];

it.each(refused)('refuses %s', (_, files, complaint) => {
  const complaints = complaintsOf(files);
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain(complaint);
});

const accepted: [string, Record<string, string>][] = [
  [
    'a cycle of types only',
    {
      'packages/a/src/x.ts': "import type { Y } from './y.ts';",
      'packages/a/src/y.ts': "import { type X } from './x.ts';",
    },
  ],
  [
    'imports in comments and strings',
    {
      'packages/a/src/x.ts':
        "// import a from '@postern/rpc/x'\nexport const text = \"process.env as any\";\n/* import 'fastify' */",
    },
  ],
  [
    'rpc above codec, operations, repository and entity',
    {
      [`${users}/user.rpc.ts`]:
        "import { a } from './user.codec.ts';\nimport { b } from './user.operations.ts';\nimport { c } from './user.repository.ts';\nimport { directory } from '@postern/proto';",
    },
  ],
  [
    'a step that names the type of its request',
    { [`${users}/check-name.ts`]: "import type { directory } from '@postern/proto';" },
  ],
  [
    'the front door of an app',
    { 'apps/auth/src/index.ts': "export { auth } from './app.ts';", 'apps/auth/src/app.ts': '' },
  ],
  [
    'features that meet at the door',
    { [`${users}/user.operations.ts`]: "import { groups } from '../groups/index.ts';" },
  ],
  [
    'the door of a kind inside a family',
    { 'apps/auth/src/stages/stage.repository.ts': "import { consent } from './consent/index.ts';" },
  ],
  [
    'tables that refer to each other',
    {
      [`${users}/user.entity.ts`]:
        "import { Group } from '../groups/group.entity.ts';\nimport { defineEntity } from '@mikro-orm/core';",
    },
  ],
  [
    'the composition root',
    { 'apps/standalone/src/main.ts': "import { auth } from '@postern/auth';", 'apps/auth/src/index.ts': '' },
  ],
  [
    'regular expressions with quotes in them',
    { 'packages/a/src/x.ts': "export const quote = /['\"]/.test('a');\nexport const more = 'as any';\n" },
  ],
];

it.each(accepted)('accepts %s', (_, files) => {
  expect(complaintsOf(files)).toEqual([]);
});
