import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TENANT } from '@postern/database';
import { afterAll, describe, expect, it } from 'vitest';
import { createCatalog, createFolder, createSurroundings, hashOf } from './index.ts';

const top = mkdtempSync(join(tmpdir(), 'postern-blueprints-'));
const root = join(top, 'blueprints');
mkdirSync(join(root, 'default/.hidden'), { recursive: true });
mkdirSync(join(top, 'blueprints-beside'));
writeFileSync(join(root, 'default/one.yaml'), 'metadata: {name: One}\nentries: []');
writeFileSync(join(root, 'two.yaml'), 'entries: []');
writeFileSync(join(root, 'three.yaml'), 'version: 3');
writeFileSync(join(root, 'four.yaml'), '{');
writeFileSync(join(root, 'notes.txt'), 'notes');
writeFileSync(join(root, 'large.txt'), 'x'.repeat(1_001));
writeFileSync(join(root, 'binary.txt'), Buffer.from([0xff, 0xfe, 0x80]));
writeFileSync(join(root, 'default/.hidden/five.yaml'), 'entries: []');
writeFileSync(join(top, 'secret.txt'), 'secret');
writeFileSync(join(top, 'blueprints-beside/secret.yaml'), 'secret');
symlinkSync('../secret.txt', join(root, 'way-out.txt'));
symlinkSync('..', join(root, 'folder-out'));
symlinkSync('default/one.yaml', join(root, 'way-in.yaml'));
afterAll(() => rmSync(top, { recursive: true }));

const folder = createFolder({ root, maxBytes: 1_000, refusal: 'Invalid blueprint path' });

describe('a folder', () => {
  it.each([
    '../secret.txt',
    'default/../../secret.txt',
    '../blueprints-beside/secret.yaml',
    join(top, 'secret.txt'),
    '/etc/passwd',
    'way-out.txt',
    'folder-out/secret.txt',
    '..',
    '.',
    '',
    'a\0b',
    '../not-there',
  ])('keeps %j out', async (path) => {
    await expect(folder.read(path)).rejects.toThrow('Invalid blueprint path');
  });

  it.each([
    ['none.yaml', 'There is no such file.'],
    ['default', 'There is no such file.'],
    ['large.txt', 'The file has more than 1000 bytes.'],
    ['binary.txt', 'The file is not UTF-8 text.'],
  ])('does not read %s', async (path, message) => {
    await expect(folder.read(path)).rejects.toThrow(message);
  });

  it('reads what lies in it, also through links that stay inside', async () => {
    expect((await folder.read('notes.txt')).text).toBe('notes');
    expect((await folder.read('way-in.yaml')).text).toContain('One');
    expect((await folder.read('default/../notes.txt')).text).toBe('notes');
  });

  it('holds nothing where none was given', async () => {
    const none = createFolder({ root: undefined, maxBytes: 1, refusal: 'no' });
    expect(await none.list('')).toEqual([]);
    await expect(none.read('a')).rejects.toThrow('no');
  });
});

it('lists the blueprints of the folder, and passes over what is none', async () => {
  const catalog = createCatalog(folder);
  const one = { hash: hashOf('metadata: {name: One}\nentries: []'), metadata: { name: 'One', labels: {} } };
  const expected = [
    { path: 'default/one.yaml', ...one },
    { path: 'two.yaml', hash: hashOf('entries: []') },
    { path: 'way-in.yaml', ...one },
  ];
  expect(await catalog.files()).toMatchObject(expected);
  expect(await catalog.files()).toMatchObject(expected);
  writeFileSync(join(root, 'two.yaml'), 'metadata: {name: Two}');
  expect((await catalog.files())[1]?.metadata?.name).toBe('Two');
  await expect(createCatalog(createFolder({ root: '/nowhere', maxBytes: 1, refusal: '' })).files()).rejects.toThrow();
});

it('lets blueprints read variables that are meant for them, those of the first start in one tenant alone', async () => {
  const env: Record<string, string> = {
    POSTERN_BLUEPRINT_A: 'a',
    POSTERN_BOOTSTRAP_TOKEN: 't',
    POSTERN_SECRET_KEY: 's',
  };
  const variables = (names: readonly string[]) => (name: string) =>
    name.startsWith('POSTERN_BLUEPRINT_') || names.includes(name) ? env[name] : undefined;
  const { env: read, file } = createSurroundings({ files: folder, variables });
  const other = '0190b2f8-0000-7000-8000-000000000001';
  const seen = (tenant: string) =>
    ['POSTERN_BLUEPRINT_A', 'AUTHENTIK_BOOTSTRAP_TOKEN', 'POSTERN_SECRET_KEY', 'PATH'].map((name) =>
      read(tenant, name),
    );
  expect(seen(DEFAULT_TENANT)).toEqual(['a', 't', undefined, undefined]);
  expect(seen(other)).toEqual(['a', undefined, undefined, undefined]);
  expect(await file('notes.txt')).toBe('notes');
});
