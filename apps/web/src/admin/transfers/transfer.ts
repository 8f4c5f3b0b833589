import { flagOf, listOf, numberOf, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';

/** Where imports and exports of users, groups and roles are. */
export const IMPORTS = '/api/postern/v1/directory/imports/';
export const EXPORTS = '/api/postern/v1/directory/exports/';

export const KINDS = ['users', 'groups', 'roles'] as const;
export const FORMATS = ['csv', 'jsonl'] as const;
export const OUTCOMES = ['failed', 'created', 'updated', 'unchanged'] as const;

/** Characters of a part: at most 3 MiB of UTF-8, where 4 are taken. */
const PART_LENGTH = 1024 * 1024;

/** How far an import is. */
export type Import = {
  readonly pk: string;
  readonly status: string;
  readonly isTrial: boolean;
  readonly error: string;
  readonly total: number;
  readonly done: number;
  readonly counts: Readonly<Record<(typeof OUTCOMES)[number], number>>;
};

export function importOf(wire: Wire): Import {
  return {
    pk: textOf(wire, 'pk'),
    status: textOf(wire, 'status'),
    isTrial: flagOf(wire, 'dry_run'),
    error: textOf(wire, 'error'),
    total: numberOf(wire, 'total'),
    done: numberOf(wire, 'done'),
    counts: {
      failed: numberOf(wire, 'failed'),
      created: numberOf(wire, 'created'),
      updated: numberOf(wire, 'updated'),
      unchanged: numberOf(wire, 'unchanged'),
    },
  };
}

/** Whether a job is still on its way. */
export function isUnderWay(wire: Wire): boolean {
  return textOf(wire, 'status') === 'running';
}

/** The text of a file in parts that the server takes, none of which ends within a character. */
export async function* partsOf(file: Blob, length = PART_LENGTH): AsyncGenerator<string> {
  let text = '';
  // A surrogate pair is never cut in two.
  const cut = () => (/[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? length - 1 : length);
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    text += value;
    while (text.length > length) {
      const end = cut();
      yield text.slice(0, end);
      text = text.slice(end);
    }
  }
  if (text !== '') yield text;
}

/** What happened to the rows of a page, with the number after which the next begins. */
export function rowsOf(body: unknown): { readonly rows: readonly Wire[]; readonly next: number | undefined } {
  const wire = wireOf(body);
  const rows = listOf(wire, 'results', wireOf);
  const last = rows.at(-1);
  return { rows, next: flagOf(wire, 'more') && last ? numberOf(last, 'number') : undefined };
}

const COLUMNS = ['number', 'line', 'key', 'outcome', 'field', 'message'] as const;

/** The report as a file. A cell that a spreadsheet would take for a formula is marked as text. */
export function reportCsv(rows: readonly Wire[]): string {
  const cell = (value: unknown) => {
    const text = String(value ?? '');
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((name) => cell(row[name])).join(','))].join('\r\n');
}
