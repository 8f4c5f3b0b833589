/** Where in an HTML document a place is: it decides how a value is written there. */
export type Position =
  | { readonly kind: 'text' }
  | { readonly kind: 'tag'; readonly name: string }
  | {
      readonly kind: 'attribute';
      readonly tag: string;
      readonly name: string;
      readonly quote: string;
      readonly isStart: boolean;
    }
  | { readonly kind: 'comment' }
  | { readonly kind: 'raw'; readonly name: string };

/** Where a document starts. */
export const START: Position = { kind: 'text' };

/** Elements whose content is no HTML. */
const RAW = new Set(['script', 'style', 'textarea', 'title', 'noscript', 'xmp', 'iframe']);

/** Moves on over a piece of the document. A small reader: what it does not understand becomes a place where no value may stand. */
export function advance(from: Position, html: string): Position {
  let position = from;
  let rest = html;
  while (rest !== '') [position, rest] = step(position, rest);
  return position;
}

type Step = [next: Position, rest: string];

function step(position: Position, rest: string): Step {
  switch (position.kind) {
    case 'text':
      return fromText(rest);
    case 'comment':
      return upTo(rest, '-->', START, position);
    case 'raw':
      return fromRaw(position, rest);
    case 'tag':
      return fromTag(position, rest);
    case 'attribute':
      return upTo(rest, position.quote, { kind: 'tag', name: position.tag }, { ...position, isStart: false });
  }
}

function upTo(rest: string, end: string, found: Position, otherwise: Position): Step {
  const at = rest.indexOf(end);
  return at < 0 ? [otherwise, ''] : [found, rest.slice(at + end.length)];
}

function fromRaw(position: Position & { kind: 'raw' }, rest: string): Step {
  const end = new RegExp(`</${position.name}(?=[\\s>/])`, 'i').exec(rest);
  return end ? [{ kind: 'tag', name: `/${position.name}` }, rest.slice(end.index + end[0].length)] : [position, ''];
}

function fromText(rest: string): Step {
  const at = rest.search(/<(?:!--|[!/a-z]|$)/i);
  if (at < 0) return [START, ''];
  if (rest.startsWith('<!--', at)) return [{ kind: 'comment' }, rest.slice(at + 4)];
  const [whole, name = ''] = /^<([!/]?[a-z0-9:-]*)/i.exec(rest.slice(at)) ?? ['<'];
  return [{ kind: 'tag', name: name.toLowerCase() }, rest.slice(at + whole.length)];
}

function fromTag(position: Position & { kind: 'tag' }, rest: string): Step {
  const { name } = position;
  const [whole, mark, attribute = '', quote = ''] = /^[^>"'=]*?(?:(>)|(?:([^\s=>"'/]+)\s*=\s*)(["']))/.exec(rest) ?? [];
  if (whole === undefined) return [position, ''];
  const after = rest.slice(whole.length);
  if (mark) return [RAW.has(name) ? { kind: 'raw', name } : START, after];
  return [{ kind: 'attribute', tag: name, name: attribute.toLowerCase(), quote, isStart: true }, after];
}
