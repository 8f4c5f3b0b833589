/** The rules of the house about names, sizes and things we do not write. */

import { eachFile } from './rules.mjs';

const LIMITS = { source: 400, test: 800, proto: 600 };
const BANNED_NAMES = new Set([
  'manager',
  'helper',
  'helpers',
  'util',
  'utils',
  'common',
  'base',
  'impl',
  'data',
  'info',
  'shared',
  'core',
  'misc',
]);

export const fileSizes = eachFile((file) => {
  if (file.migration) return;
  const limit = LIMITS[file.proto ? 'proto' : file.test ? 'test' : 'source'];
  if (file.lines > limit) return `has ${file.lines} lines; ${limit} is the limit`;
});

export function names(tree) {
  return tree.files.flatMap(({ path, proto, app }) => {
    const parts = path.split('/').slice(1);
    const words = parts
      .flatMap((part) => part.replace(/\.(tsx?|proto)$/, '').split(/[.\-_]/))
      .map((word) => word.toLowerCase());
    const banned = words.find((word) => BANNED_NAMES.has(word));
    if (banned) return [`${path}: the word "${banned}" says nothing; name the noun`];
    const shape = proto ? /^[a-z0-9_]+\.proto$/ : /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.tsx?$/;
    return proto || app !== undefined || shape.test(parts.at(-1)) ? [] : [`${path}: file names are kebab-case`];
  });
}

/** Only the settings are read from the environment, and only there. */
export const environmentInConfig = eachFile((file) => {
  if (file.package === 'config' || file.test || file.name.endsWith('.config.ts')) return;
  if (/\bprocess\s*\.\s*env\b/.test(file.bare)) return 'reads process.env: settings come from @postern/config';
});

const IN_CODE = [
  [/\bas\s+unknown\s+as\b/, 'casts through unknown'],
  [/\bas\s+any\b/, 'casts to any'],
  [/\bconsole\s*\.\s*\w+\s*\(/, 'writes to the console: use the logger'],
  [/\b(?:it|test|describe)\s*\.\s*(?:skip|only|todo)\b(?!If)/, 'leaves a test out'],
  [/\bexport\s+default\b/, 'has a default export'],
];
const IN_SOURCES = [[/@ts-expect-error\b/, 'silences the compiler']];
const IN_TEXT = [
  [/@ts-(?:ignore|nocheck)\b/, 'silences the compiler'],
  [/\b(?:TODO|FIXME|XXX)\b/, 'postpones work'],
];

/** Configuration files of tools need a default export; a test may say what must not compile. */
const excused = (file, why) => why === 'has a default export' && /\.config\.ts$|setup\.ts$/.test(file.name);

export const bannedPatterns = eachFile((file) => {
  const inCode = IN_CODE.find(([pattern, why]) => pattern.test(file.bare) && !excused(file, why));
  const found = inCode ?? [...(file.test ? [] : IN_SOURCES), ...IN_TEXT].find(([pattern]) => pattern.test(file.text));
  return found?.[1];
});
