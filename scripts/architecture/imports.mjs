/** Reads what a TypeScript file imports, and its code without comments. */

/** Line comments and block comments blanked; strings, templates and line breaks kept. */
export function withoutComments(text) {
  return text.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*(?=\s*[.,;)\]}\n]))|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (match, kept) => kept ?? match.replace(/[^\n]/g, ' '),
  );
}

/** The content of strings and templates blanked as well: what is left is code. */
export function withoutText(code) {
  return code.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, (match) =>
    match.replace(/[^\n]/g, ' '),
  );
}

const STATEMENT = /(?:^|[\n;}])\s*(import|export)\s+(type\s+)?(?:([\w*{][^;'"]*?)\s*from\s*)?(['"])([^'"\n]+)\4/g;
const CALL = /\bimport\(\s*(['"])([^'"\n]+)\1\s*\)/g;

/** Every import and re-export: what it names, and whether only types cross. */
export function importsOf(code) {
  const found = [];
  for (const [, , type, names = '', , specifier] of code.matchAll(STATEMENT)) {
    found.push({ specifier, typeOnly: type !== undefined || onlyTypes(names) });
  }
  for (const [, , specifier] of code.matchAll(CALL)) found.push({ specifier, typeOnly: false });
  return found;
}

function onlyTypes(names) {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  if (inner === undefined) return false;
  const parts = inner
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.length > 0 && parts.every((part) => part.startsWith('type '));
}
