import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const dist = join(import.meta.dirname, '../dist');
const LIMIT_KB = 250;

function sizesOf(ending: string): number[] {
  const files = readdirSync(join(dist, 'assets/app')).filter((name) => name.endsWith(ending));
  return files.map((name) => gzipSync(readFileSync(join(dist, 'assets/app', name))).length / 1000);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

it(`keeps scripts and styles together under ${LIMIT_KB} kB, compressed`, () => {
  const [script, style] = [sum(sizesOf('.js')), sum(sizesOf('.css'))];
  process.stdout.write(`web: ${script.toFixed(1)} kB scripts + ${style.toFixed(1)} kB styles, gzip\n`);
  expect(script).toBeGreaterThan(0);
  expect(style).toBeGreaterThan(0);
  expect(script + style).toBeLessThan(LIMIT_KB);
});

it('needs nothing that a strict content security policy forbids, and no other host', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(html).not.toMatch(/\sstyle=|<style|\son\w+=|https?:/);
  for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain('nonce="__POSTERN_NONCE__"');
  expect(html.match(/__POSTERN_BRAND__/g)).toHaveLength(1);
});
