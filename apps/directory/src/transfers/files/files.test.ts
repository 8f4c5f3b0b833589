import { describe, expect, it } from 'vitest';
import { type Format, type Kind, type Row, readRows, writeHead, writeRow } from './index.ts';

/** A file in pieces of so many characters. */
async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size);
}

async function read(
  text: string,
  { kind = 'users', format = 'csv', size = 7 }: { kind?: Kind; format?: Format; size?: number } = {},
) {
  const rows = [];
  for await (const { line, row } of readRows(kind, format, pieces(text, size)))
    rows.push(row instanceof Error ? { line, field: row.field, problem: row.message } : { line, ...row });
  return rows;
}

describe('a file', () => {
  it.each([
    ['with fields that nobody knows', 'username,colour\na,b\n', 'Unknown field "colour"'],
    ['with passwords', 'username,password\na,b\n', 'credentials are not imported'],
    ['with hashes of passwords', 'username,password_hash\na,b\n', 'credentials are not imported'],
    ['without the field that names its objects', 'name,email\na,b\n', 'names no field "username"'],
    ['that names a field twice', 'username,username\na,b\n', 'twice'],
    ['with a quote that does not end', 'username,name\na,"b\n', 'does not end'],
    ['with text behind a quote', 'username,name\na,"b"c\n', 'after the closing quote'],
    ['with a row that does not end', `username\n"${'x'.repeat(4 * 1024 * 1024 + 1)}`, 'too long'],
  ])('%s is refused', async (_what, text, problem) => {
    await expect(read(text, { size: 65_536 })).rejects.toThrow(problem);
  });

  it('names field and line of what is wrong, and goes on', async () => {
    const csv =
      'username,is_active,attributes,groups\r\n,true,,\r\na,perhaps,,\r\n\r\nb,no,[1],\r\nc,no,{,\r\nd\r\ne,1,,"[1]"\r\nf,0,,x\r\n';
    expect(await read(csv)).toEqual([
      { line: 2, field: 'username', problem: 'This field may not be blank.' },
      { line: 3, field: 'is_active', problem: 'Must be true or false.' },
      { line: 5, field: 'attributes', problem: 'Not a JSON object.' },
      { line: 6, field: 'attributes', problem: 'Not valid JSON.' },
      { line: 7, field: '', problem: '1 cells where there are 4 fields.' },
      { line: 8, field: 'groups', problem: 'Not a list of names.' },
      { line: 9, username: 'f', is_active: false, attributes: {}, groups: ['x'] },
    ]);
    const json =
      '{"username":"a"}\n\nnonsense\n{"username":5}\n{"password":"x","username":"b"}\n[]\n{"username":"c\\u0000"}\n{"username":"d","name":null}\n{"username":"e\\ud800"}\n{"username":"f","attributes":{"a":[1e400]}}\n{"username":" g ","attributes":{"\\u0000":1}}\n{"username":" h\\t"}';
    expect(await read(json, { format: 'jsonl' })).toMatchObject([
      { line: 1, username: 'a' },
      { line: 3, problem: 'Not valid JSON.' },
      { line: 4, field: 'username', problem: 'Not a text.' },
      { line: 5, field: 'password' },
      { line: 6, problem: 'Not a JSON object.' },
      { line: 7, field: 'username', problem: 'Null characters are not allowed.' },
      { line: 8, username: 'd' },
      { line: 9, field: 'username', problem: 'Surrogate characters are not allowed.' },
      { line: 10, field: 'attributes', problem: 'Not a number that can be kept.' },
      { line: 11, field: 'attributes', problem: 'Null characters are not allowed.' },
      { line: 12, username: 'h' },
    ]);
  });

  it('is the same however it is cut, with quotes, commas and ends of lines inside of cells', async () => {
    const csv = '\uFEFFusername,name\r\na,"one, ""two""\r\nthree"\r\n"b",\n';
    const rows = [
      { line: 2, username: 'a', name: 'one, "two"\r\nthree' },
      { line: 4, username: 'b', name: '' },
    ];
    for (const size of [1, 2, 3, 100]) expect(await read(csv, { size })).toEqual(rows);
  });

  it.each(['csv', 'jsonl'] as const)('that was written as %s is read as it was', async (format) => {
    const row: Row = {
      username: '=1+1',
      name: '\'-x, "y"\nz',
      email: '',
      is_active: false,
      path: 'a/b',
      type: 'internal',
      attributes: { a: [1, '"'] },
      groups: ['one', 'semi;colon', '[x'],
    };
    const text = writeHead('users', format) + writeRow('users', format, row);
    const [again] = await read(text, { format });
    expect(again).toEqual({ ...row, line: format === 'csv' ? 2 : 1 });
    if (format === 'csv') expect(text).toContain("\r\n'=1+1,");
  });
});
