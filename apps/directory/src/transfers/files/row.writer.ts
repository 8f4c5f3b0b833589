import { writeCell, writeCsv } from './cell.ts';
import { type Format, KINDS, type Kind, type Row } from './kinds.ts';

/** What a file begins with. */
export function writeHead(kind: Kind, format: Format): string {
  return format === 'csv' ? writeCsv(writtenOf(kind)) : '';
}

/** A row, as an import reads it. */
export function writeRow(kind: Kind, format: Format, row: Row): string {
  if (format === 'jsonl') return `${JSON.stringify(row)}\n`;
  return writeCsv(writtenOf(kind).map((field) => writeCell(row[field] ?? '')));
}

/** Fields that an export writes. */
function writtenOf(kind: Kind): string[] {
  const { fields, onlyRead } = KINDS[kind];
  return Object.keys(fields).filter((field) => field !== onlyRead);
}
