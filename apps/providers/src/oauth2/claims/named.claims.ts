import { nativeMapping } from './native.mappings.ts';
import { isReserved } from './reserved.claims.ts';

/** A string, a comment, the words that give something back, or a bracket; everything else means nothing here. */
const TOKEN = /[rbfu]{0,2}("""|'''|"|')|#[^\n]*|\b(?:return|yield)\b|[[\](){}:,]/gi;

/**
 * Names of the claims that a program gives, as far as its text says: keys of the dictionaries that it returns or yields as literals. What is
 * computed is not found; nothing is run, so that discovery needs no interpreter.
 */
export function namedClaims(expression: string): string[] {
  const native = nativeMapping(expression);
  const names = native ? native.claims : literalKeys(expression);
  return [...new Set(names)].filter((name) => !isReserved(name));
}

/** Walks over the text once. `depth` counts brackets inside the dictionary that is given back; keys stand at its first level. */
function literalKeys(code: string): string[] {
  const keys: string[] = [];
  let [depth, isGiven, last] = [0, false, ''];
  for (const token of tokensOf(code)) {
    const isOpening = token.text === '{' || token.text === '[' || token.text === '(';
    if (token.kind === 'string') last = token.text;
    else if (token.kind === 'word') isGiven = depth === 0;
    else if (isOpening) depth += depth > 0 || (isGiven && token.text === '{') ? 1 : 0;
    else if (token.text === ':' && depth === 1 && last !== '') keys.push(last);
    else if (depth > 0 && token.text !== ',' && token.text !== ':') depth -= 1;
    if (token.kind !== 'string') last = '';
    if (token.kind !== 'word') isGiven = false;
  }
  return keys;
}

type Token = { readonly kind: 'string' | 'word' | 'mark'; readonly text: string };

function* tokensOf(code: string): Generator<Token> {
  const pattern = new RegExp(TOKEN);
  for (let found = pattern.exec(code); found !== null; found = pattern.exec(code)) {
    const [text, quote] = found;
    if (quote !== undefined) {
      const end = endOf(code, pattern.lastIndex, quote);
      // What stands in a formatted string is computed.
      const isFormatted = /^[rbu]*f/i.test(text);
      yield { kind: 'string', text: isFormatted ? '' : code.slice(pattern.lastIndex, end) };
      pattern.lastIndex = end + quote.length;
    } else if (!text.startsWith('#')) yield { kind: /^\w/.test(text) ? 'word' : 'mark', text };
  }
}

/** Where the closing quote stands, or the end of the code. */
function endOf(code: string, start: number, quote: string): number {
  for (let at = start; at < code.length; at += 1) {
    if (code[at] === '\\') at += 1;
    else if (code.startsWith(quote, at)) return at;
  }
  return code.length;
}
