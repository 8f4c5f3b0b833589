import { FileProblem } from './kinds.ts';

/** A row of a CSV file as it is written, and the line on which it begins. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[] };

/** Characters that one row may have. */
const LONGEST_ROW = 4 * 1024 * 1024;

/**
 * Reads CSV (RFC 4180) piece by piece, wherever the pieces are cut: cells apart by commas, quotes around those that hold commas, quotes (doubled) or
 * ends of lines. Empty lines are no rows. Throws FileProblem for a quote that does not end, and for rows that are too long.
 */
export async function* readCsv(pieces: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  const reading = createReading();
  for await (const piece of pieces) {
    for (const character of piece) {
      const row = reading.take(character);
      if (row) yield row;
    }
  }
  const last = reading.end();
  if (last) yield last;
}

type State = 'start' | 'plain' | 'quoted' | 'quote';

function createReading() {
  let state: State = 'start';
  let cells: string[] = [];
  let cell = '';
  let size = 0;
  let line = 1;
  let begun = 1;
  let wasReturn = false;

  function endCell(): void {
    cells.push(cell);
    cell = '';
    state = 'start';
  }

  function endRow(): CsvRow | undefined {
    const isEmpty = cells.length === 0 && cell === '' && state === 'start';
    endCell();
    const row = { line: begun, cells };
    cells = [];
    size = 0;
    return isEmpty ? undefined : row;
  }

  function add(character: string): void {
    cell += character;
    size += 1;
    if (size > LONGEST_ROW) throw new FileProblem(`The row that begins on line ${begun} is too long.`);
  }

  /** Inside of quotes everything counts but the quote. */
  function takeQuoted(character: string): void {
    if (character === '"') state = 'quote';
    else add(character);
  }

  return {
    take(character: string): CsvRow | undefined {
      if (cells.length === 0 && state === 'start') begun = line;
      // A return and a feed are one end of a line.
      const isFeed = character === '\n' && wasReturn && state !== 'quoted';
      wasReturn = character === '\r';
      if (character === '\n') line += 1;
      if (character === '\uFEFF' && line === 1 && cells.length === 0 && cell === '') return undefined;
      if (state === 'quoted') return void takeQuoted(character);
      if (isFeed) {
        begun = line;
        return undefined;
      }
      if (character === ',') return void endCell();
      if (character === '\r' || character === '\n') return endRow();
      if (character === '"' && state === 'quote') add(character);
      if (character === '"' && state !== 'plain') {
        state = 'quoted';
        return undefined;
      }
      if (state === 'quote') throw new FileProblem(`Line ${line}: text after the closing quote.`);
      state = 'plain';
      return void add(character);
    },
    end(): CsvRow | undefined {
      if (state === 'quoted') throw new FileProblem(`The quote in the row that begins on line ${begun} does not end.`);
      return endRow();
    },
  };
}
