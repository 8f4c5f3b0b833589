import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, inject, it } from 'vitest';

const dist = inject('dist');
const LIMIT_KB = 250;

const html = readFileSync(join(dist, 'index.html'), 'utf8');
const sizeOf = (name: string) => gzipSync(readFileSync(join(dist, 'assets/app', name))).length / 1000;
const kilobytes = (names: readonly string[]) => names.reduce((total, name) => total + sizeOf(name), 0);

/** Scripts and styles that the page names, which are what it begins with. */
const first = [...html.matchAll(/(?:src|href)="\/static\/dist\/assets\/app\/([^"]+\.(?:js|css))"/g)].map(
  ([, name = '']) => name,
);
const later = readdirSync(join(dist, 'assets/app')).filter((name) => name.endsWith('.js') && !first.includes(name));

/** What a script needs before it can run. */
function importedBy(name: string): readonly string[] {
  if (!name.endsWith('.js')) return [];
  const source = readFileSync(join(dist, 'assets/app', name), 'utf8');
  return [...source.matchAll(/(?:^|;)import[^("';]*?(?:from)?\s*["']\.\/([^"']+)["']/g)].map(([, file = '']) => file);
}

it(`begins with under ${LIMIT_KB} kB of scripts and styles, compressed`, () => {
  const [scripts, styles] = ['.js', '.css'].map((ending) => kilobytes(first.filter((name) => name.endsWith(ending))));
  process.stdout.write(
    `web: ${scripts?.toFixed(1)} kB scripts + ${styles?.toFixed(1)} kB styles at first, ${kilobytes(later).toFixed(1)} kB later, gzip\n`,
  );
  for (const ending of ['.js', '.css']) expect(first.some((name) => name.endsWith(ending))).toBe(true);
  expect(kilobytes(first)).toBeLessThan(LIMIT_KB);
});

it('imports nothing statically that the page does not name, so that the first load is all of it', () => {
  for (const name of first) expect(importedBy(name).filter((file) => !first.includes(file))).toEqual([]);
});

it('keeps what only rare steps need out of the first load', () => {
  for (const name of [
    'totp.stage',
    'captcha.stage',
    'portal.page',
    'settings.page',
    'account.area',
    'admin.area',
    'de',
  ]) {
    expect(
      later.some((file) => file.startsWith(`${name}-`)),
      name,
    ).toBe(true);
  }
});

it('begins the administration with less than as much again', () => {
  const files = readdirSync(join(dist, 'assets/app'));
  const own = new Set(files.filter((name) => /^admin[.-].*\.(?:js|css)$/.test(name)));
  expect([...own].some((name) => name.endsWith('.css'))).toBe(true);
  // A set grows while it is walked through.
  for (const name of own) for (const file of importedBy(name)) if (!first.includes(file)) own.add(file);
  process.stdout.write(`web: ${kilobytes([...own]).toFixed(1)} kB for the administration, gzip\n`);
  expect(kilobytes([...first, ...own])).toBeLessThan(LIMIT_KB);
});

it('needs nothing that a strict content security policy forbids, and no other host', () => {
  expect(html).not.toMatch(/\sstyle=|<style|\son\w+=|https?:/);
  for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain('nonce="__POSTERN_NONCE__"');
  expect(html.match(/__POSTERN_BRAND__/g)).toHaveLength(1);
});
