import type { z } from 'zod';
import { type Leaf, leavesOf } from './schema.ts';

/** Settings of one part of Postern, for the documentation. */
export type SettingsSection = { title: string; schema: z.ZodType };

const PREFACE = `# Settings

Settings are environment variables. A group is set off by two underscores: \`POSTERN_LISTEN__HTTP\` is \`http\` of \`listen\`. A name that
Postern does not know stops the start, with a suggestion. Everything is read once, at the start.

- A secret may come from a file: \`POSTERN_SECRET_KEY_FILE=/run/secrets/key\` instead of \`POSTERN_SECRET_KEY\`.
- \`env://NAME?default\` takes the value of another variable, \`file:///path?default\` that of a file.
- The \`AUTHENTIK_*\` names of an existing installation are understood where a setting here has the same meaning; the \`POSTERN_*\` name wins.

This page is generated from the schemas in the code.
`;

/** The page \`docs/settings.md\`. A setting that several sections declare is listed in the first of them. */
export function settingsPage(sections: readonly SettingsSection[]): string {
  const seen = new Set<string>();
  const parts = sections.map(({ title, schema }) => {
    const leaves = leavesOf(schema).filter(({ name }) => !seen.has(name));
    for (const { name } of leaves) seen.add(name);
    return leaves.length === 0 ? '' : sectionOf(title, leaves);
  });
  return [PREFACE, ...parts.filter(Boolean)].join('\n');
}

function sectionOf(title: string, leaves: readonly Leaf[]): string {
  return [
    `## ${title}`,
    '',
    '| variable | value | default | what it does |',
    '|---|---|---|---|',
    ...leaves.map(rowOf),
    '',
  ].join('\n');
}

function rowOf({ name, facts }: Leaf): string {
  const fallback = facts.required
    ? 'required'
    : facts.fallback === undefined
      ? ''
      : facts.fallback === ''
        ? 'empty'
        : `\`${facts.fallback}\``;
  return `| \`${name}\` | ${facts.kind.replaceAll('|', '\\|')} | ${fallback} | ${facts.description} |`;
}
