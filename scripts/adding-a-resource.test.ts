import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = 'apps/directory/src/roles';
const page = readFileSync(join(root, 'docs/adding-a-resource.md'), 'utf8');
const blocks = [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)\n```$/gm)].map(([, file = '', text = '']) => ({
  file,
  text,
}));
const rows = [...page.matchAll(/^\| `([\w.-]+\.ts)` \| (\d+) \|/gm)].map(([, file = '', lines]) => ({
  file,
  lines: Number(lines),
}));

const linesOf = (file: string) =>
  readFileSync(join(root, folder, file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/\*\*|\*)/.test(line)).length;

it.each(blocks)('shows $file as it is', ({ file, text }) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(text);
});

it('counts the lines of a plain resource, which are under 80', () => {
  expect(rows).toEqual(rows.map(({ file }) => ({ file, lines: linesOf(file) })));
  const total = rows.reduce((sum, { lines }) => sum + lines, 0);
  expect(page).toContain(`**${total} lines of code**`);
  expect(total).toBeLessThan(80);
  expect(blocks.length).toBeGreaterThan(5);
});
