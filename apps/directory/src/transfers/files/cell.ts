/** Fields as CSV writes them. What a spreadsheet would take for a formula is written behind an apostrophe. */

import { type FieldType, RowProblem } from './kinds.ts';

const FORMULA = /^'*[=+\-@\t\r]/;
const HIDDEN_FORMULA = /^'+[=+\-@\t\r]/;

/** A value as a cell shows it, without the quotes that a row may need. */
export function writeCell(value: unknown): string {
  const text = textOf(value);
  return FORMULA.test(text) ? `'${text}` : text;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    const isPlain = value.every((one) => typeof one === 'string' && !/^\s|\s$|;|^\[/.test(one));
    return isPlain ? value.join(';') : JSON.stringify(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value that a cell shows. Throws RowProblem. */
export function readCell(field: string, type: FieldType, cell: string): unknown {
  const text = HIDDEN_FORMULA.test(cell) ? cell.slice(1) : cell;
  if (type === 'text') return text;
  if (type === 'boolean') return readTruth(field, text);
  if (type === 'object') return text.trim() === '' ? {} : readJson(field, text);
  if (text.trimStart().startsWith('[')) return readJson(field, text);
  return text
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function readTruth(field: string, text: string): boolean {
  const word = text.trim().toLowerCase();
  if (['true', '1', 'yes'].includes(word)) return true;
  if (['false', '0', 'no'].includes(word)) return false;
  throw new RowProblem(field, 'Must be true or false.');
}

function readJson(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RowProblem(field, 'Not valid JSON.');
  }
}

/** A row of CSV, with the end of its line. */
export function writeCsv(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
