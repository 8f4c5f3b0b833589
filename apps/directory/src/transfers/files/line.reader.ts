import { FileProblem } from './kinds.ts';

/** A line that is not blank. */
export type Line = { readonly line: number; readonly text: string };

const LONGEST_LINE = 4 * 1024 * 1024;

/** Reads lines piece by piece, wherever the pieces are cut; blank ones are counted and left out. Throws FileProblem for lines that are too long. */
export async function* readLines(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  let rest = '';
  let line = 0;
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new FileProblem(`Line ${line + lines.length + 1} is too long.`);
    for (const text of lines) {
      line += 1;
      if (text.trim() !== '') yield { line, text };
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, text: rest };
}
