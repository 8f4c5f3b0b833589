import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { compressFolder } from './precompress.plugin.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-precompress-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('leaves compressed files beside texts that get smaller, and beside nothing else', () => {
  const script = 'export const answer = 42;\n'.repeat(100);
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app/long.js'), script);
  writeFileSync(join(folder, 'app/short.js'), 'export {};');
  writeFileSync(join(folder, 'icon.png'), script);
  writeFileSync(join(folder, 'index.html'), script);
  compressFolder(folder);
  expect(readdirSync(join(folder, 'app')).toSorted()).toEqual(['long.js', 'long.js.br', 'long.js.gz', 'short.js']);
  expect(readdirSync(folder).toSorted()).toEqual(['app', 'icon.png', 'index.html']);
  const read = (ending: string) => readFileSync(join(folder, `app/long.js.${ending}`));
  expect([brotliDecompressSync(read('br')), gunzipSync(read('gz'))].map(String)).toEqual([script, script]);
});
