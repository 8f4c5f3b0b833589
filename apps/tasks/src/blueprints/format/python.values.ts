/** JSON seen with the eyes of Python, in which blueprints think: what counts as true, and how values look as text. */

import { isJsonObject, type Json } from './json.ts';

/** Python's truth: empty texts, lists and maps, zero and null are false. */
export function isTruthy(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** Python's `str()`. */
export function str(value: Json): string {
  return typeof value === 'string' ? value : repr(value);
}

/** Python's `repr()`. */
export function repr(value: Json): string {
  if (typeof value === 'string') return quotedText(value);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return decimal(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => repr(item)).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
    .join(', ')}}`;
}

/** Name of the Python type that a value would have, for messages. */
export function typeName(value: Json): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return Array.isArray(value) ? 'list' : 'dict';
}

function decimal(value: number): string {
  return String(value).replace(/e([-+])(\d)$/, 'e$10$2');
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** In single quotes; in double ones where the text holds single ones alone. */
function quotedText(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what Python escapes.
  const escaped = text.replace(/[\u0000-\u001f\u007f\\]/g, (character) => {
    return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`;
}
