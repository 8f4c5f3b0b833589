import { Composer, type CST, Lexer, LineCounter, type ParsedNode, Parser } from 'yaml';
import { BlueprintError } from './blueprint.error.ts';
import type { Limits } from './limits.ts';

/** A parsed document and its lines. */
export type YamlDocument = {
  readonly root: ParsedNode | null;
  lineOf(node: { range?: readonly number[] | null }): number;
};

/** Tokens that a value can come with: itself, its key, the colon, blanks, the end of its line. */
const TOKENS_PER_NODE = 4;
const MOST_DIRECTIVES = 10;

/**
 * Reads the one YAML document of a text. Size, depth and the number of tokens are bounded before anything recurses. Throws BlueprintError with the
 * line of the first fault.
 */
export function readYaml(text: string, limits: Limits): YamlDocument {
  refuseHuge(text, limits);
  const lines = linesOf(text);
  const composer = new Composer({
    schema: 'failsafe',
    // The reader compares keys itself: the library does so in quadratic time.
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: 'silent',
  });
  const [document, second] = [...composer.compose(tokensOf(text, limits, lines), true, text.length)];
  const [error] = document?.errors ?? [];
  if (error) throw new BlueprintError(sentence(error.message), { line: lines.linePos(error.pos[0]).line });
  if (second) throw severalDocuments(second.range[0], lines);
  return {
    root: document?.contents ?? null,
    lineOf: ({ range }) => lines.linePos(range?.[0] ?? 0).line,
  };
}

function refuseHuge(text: string, { bytes }: Limits): void {
  // Characters first: counting the bytes of something enormous takes long.
  if (text.length > bytes || Buffer.byteLength(text) > bytes) {
    throw new BlueprintError(`A blueprint has no more than ${bytes} bytes.`);
  }
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

function* tokensOf(text: string, limits: Limits, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser();
  let left = limits.nodes * TOKENS_PER_NODE;
  let documents = 0;
  let directives = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      // Thousands of them would be composed only to be refused.
      if (token.type === 'document') documents += 1;
      if (documents > 1) throw severalDocuments(token.offset, lines);
      if (token.type === 'directive') directives += 1;
      if (directives > MOST_DIRECTIVES) {
        throw new BlueprintError('A blueprint has too many directives.', { line: lines.linePos(token.offset).line });
      }
      yield token;
    }
    // Tags and anchors cost more than other tokens: the library says what is wrong with each.
    left -= lexeme.startsWith('!') || lexeme.startsWith('&') ? TOKENS_PER_NODE : 1;
    if (left < 0) throw new BlueprintError(`A blueprint has no more than ${limits.nodes} values.`);
    // The stack also holds the document and the scalar at hand.
    if (parser.stack.length > limits.depth + 2) {
      throw new BlueprintError(`A blueprint has no more than ${limits.depth} levels.`, {
        line: lines.linePos(parser.offset).line,
      });
    }
  }
  yield* parser.end();
}

function severalDocuments(offset: number, lines: LineCounter): BlueprintError {
  return new BlueprintError('A blueprint is one YAML document.', { line: lines.linePos(offset).line });
}

/** The first line of the library's message, which goes on with an excerpt of the text. */
function sentence(message: string): string {
  return (message.split('\n', 1)[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]?$/, '.');
}
