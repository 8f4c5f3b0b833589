/** Reads XML far enough to write an SVG anew. What it does not understand is refused: nothing is passed on that was not read. */

/** A part of a document, in its order. */
export type SvgPart =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      readonly isEmpty: boolean;
    }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const NAME = String.raw`[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?`;
const ATTRIBUTE = String.raw`\s+(${NAME})\s*=\s*("[^"<]*"|'[^'<]*')`;

/** One part, from where the last one ended. */
const PART = new RegExp(
  [
    String.raw`<!--(?:(?!--)[\s\S])*-->`,
    String.raw`<\?[\s\S]*?\?>`,
    String.raw`<!DOCTYPE[^\[\]<>]*>`,
    String.raw`<!\[CDATA\[(?<data>(?:(?!\]\]>)[\s\S])*)\]\]>`,
    String.raw`</(?<end>${NAME})\s*>`,
    `<(?<start>${NAME})(?<attributes>(?:${ATTRIBUTE})*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);

/** The parts of a well-formed document; undefined for anything else, and for one that declares entities of its own. */
export function readSvg(text: string): SvgPart[] | undefined {
  const parts: SvgPart[] = [];
  const open: string[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const groups = PART.exec(text)?.groups;
    const part = groups && partOf(groups);
    if (part === undefined) return undefined;
    if (part === null) continue;
    if (part.kind === 'open' && !part.isEmpty) open.push(part.name);
    if (part.kind === 'close' && open.pop() !== part.name) return undefined;
    parts.push(part);
  }
  return open.length === 0 ? parts : undefined;
}

/** Null for what says nothing: comments, declarations. Undefined for what cannot be read. */
function partOf({ data, end, start, attributes = '', empty, text }: Record<string, string | undefined>) {
  if (end !== undefined) return { kind: 'close', name: end } as const;
  if (data !== undefined) return { kind: 'text', text: data } as const;
  if (text !== undefined) {
    const decoded = decode(text);
    return decoded === undefined ? undefined : ({ kind: 'text', text: decoded } as const);
  }
  if (start === undefined) return null;
  const read = readAttributes(attributes);
  return read && ({ kind: 'open', name: start, attributes: read, isEmpty: empty === '/' } as const);
}

function readAttributes(text: string): Map<string, string> | undefined {
  const read = new Map<string, string>();
  for (const [, name = '', quoted = ''] of text.matchAll(new RegExp(ATTRIBUTE, 'g'))) {
    const value = decode(quoted.slice(1, -1));
    if (value === undefined || read.has(name)) return undefined;
    read.set(name, value);
  }
  return read;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Text with its references replaced; undefined when one means nothing. */
function decode(text: string): string | undefined {
  let isBroken = false;
  const decoded = text.replaceAll(/&(?:(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));)?/gi, (_whole, hex, decimal, name) => {
    const code = Number(hex === undefined ? decimal : `0x${hex}`);
    const character = name === undefined ? characterOf(code) : ENTITIES.get(name);
    isBroken ||= character === undefined;
    return character ?? '';
  });
  return isBroken ? undefined : decoded;
}

function characterOf(code: number): string | undefined {
  const isText =
    code === 9 || code === 10 || code === 13 || (code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff));
  return isText ? String.fromCodePoint(code) : undefined;
}
