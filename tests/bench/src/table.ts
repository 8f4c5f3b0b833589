import { isOnTarget, type Measure } from './measure.ts';

const HEAD = ['measure', 'value', 'unit', 'target', '', 'baseline of this run', 'ratio', 'notes'];
const IS_NUMBER = new Set([1, 3, 6]);

/** The measures as a Markdown table whose columns line up. */
export function tableOf(measures: readonly Measure[]): string {
  const rows = [HEAD, ...measures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => (IS_NUMBER.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (IS_NUMBER.has(at) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  const [head = HEAD, ...body] = rows;
  return `${[line(head), line(rule), ...body.map(line)].join('\n')}\n`;
}

function rowOf(measure: Measure): string[] {
  const { name, value, unit, target, baseline, note = '' } = measure;
  const wanted = target && ('least' in target ? `>= ${format(target.least)}` : `<= ${format(target.most)}`);
  const verdict = isOnTarget(measure);
  return [
    name,
    format(value),
    unit,
    wanted ?? '',
    verdict === undefined ? '' : verdict ? 'ok' : 'MISSED',
    baseline ? `${baseline.name}: ${format(baseline.value)}` : '',
    baseline ? format(value / baseline.value) : '',
    note,
  ];
}

/** Three digits that count, and no more than people read. */
export function format(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3).replace(/\.?0+$/, (zeros) => (value.toPrecision(3).includes('.') ? '' : zeros));
}
