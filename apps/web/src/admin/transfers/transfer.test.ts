import { expect, it } from 'vitest';
import { partsOf, reportCsv, rowsOf } from './transfer.ts';

const partsIn = async (text: string, length: number) => {
  const parts: string[] = [];
  for await (const part of partsOf(new Blob([text]), length)) parts.push(part);
  return parts;
};

it.each(['', 'abc', 'abcdefghij', 'äöü€'.repeat(5), 'a🦉b🦉🦉c'])(
  'cuts %j into parts that are the same text together',
  async (text) => {
    const parts = await partsIn(text, 4);
    expect(parts.join('')).toBe(text);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(4);
      expect(part.isWellFormed()).toBe(true);
    }
  },
);

it('knows where the next page of a report begins', () => {
  const results = [{ number: 1 }, { number: 7 }];
  expect(rowsOf({ results, more: true }).next).toBe(7);
  expect(rowsOf({ results, more: false }).next).toBeUndefined();
  expect(rowsOf({ results: [], more: true }).next).toBeUndefined();
});

it('writes a report that a spreadsheet reads and does not execute', () => {
  const row = { number: 1, line: 2, key: '=cmd()', outcome: 'failed', field: 'name', message: 'say "no",\r\nthen go' };
  expect(reportCsv([row])).toBe(
    `number,line,key,outcome,field,message\r\n1,2,'=cmd(),failed,name,"say ""no"",\r\nthen go"`,
  );
});
