/** docs/conformance.md says which test does what a module of a conformance suite does: every word of it is true. */

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/conformance.md');
const page = readFileSync(PAGE, 'utf8');

type Row = { readonly subject: string; readonly file: string; readonly title: string | undefined };

/** Rows of tables that lead to a test: what it is about, its file, and its title where it is not named for its module. */
const rows: readonly Row[] = [...page.matchAll(/^\| (.+?) \|.*\[[^\]]+\]\(([^)]+)\)(?: "([^"]+)")?\s*\|$/gm)].map(
  ([, subject = '', file = '', title]) => ({ subject, file: join(dirname(PAGE), file), title }),
);
const modules = [...page.matchAll(/`((?:oidcc|fapi2)-[\w-]+)`/g)].map(([, name = '']) => name);

/** The files of tests as they are read: quotes within titles lose their escapes. */
const textOf = (file: string) => readFileSync(file, 'utf8').replaceAll("\\'", "'");

it('leads to tests that exist', () => {
  expect(rows.length).toBeGreaterThan(120);
  const broken = rows.filter(({ subject, file, title }) => {
    if (!existsSync(file)) return true;
    // A module gives its name to its test; those of FAPI stand without what all of them begin with.
    const name = title ?? subject.replaceAll('`', '');
    return !new RegExp(`['"-]${RegExp.escape(name)}['":]`).test(textOf(file));
  });
  expect(broken).toEqual([]);
});

it('names every module that a test names', () => {
  const files = globSync('apps/providers/src/oauth2/conformance/*.test.ts', { cwd: ROOT });
  const named = files.flatMap((file) =>
    [...textOf(join(ROOT, file)).matchAll(/['"]((?:oidcc|fapi2)-[\w-]+?)(?=['":])/g)].map(([, name = '']) => name),
  );
  expect(new Set(named).size).toBeGreaterThan(100);
  const short = (name: string) => name.replace('fapi2-security-profile-final-', '');
  const known = new Set([...modules, ...rows.map(({ subject }) => subject.replaceAll('`', ''))].map(short));
  expect([...new Set(named)].filter((name) => !known.has(short(name)))).toEqual([]);
});

it('names each module once', () => {
  const subjects = rows.map(({ subject }) => subject);
  expect(subjects.filter((subject, at) => subjects.indexOf(subject) !== at)).toEqual([]);
});
