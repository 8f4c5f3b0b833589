import { readSvg, type SvgPart } from './svg.reader.ts';

/** Elements that draw. What stands in any other is left out with it. */
const DRAWING: ReadonlySet<string> = new Set(
  `svg g defs symbol use switch path rect circle ellipse line polyline polygon text tspan textPath title desc linearGradient
  radialGradient stop clipPath mask pattern marker image style filter feBlend feColorMatrix feComponentTransfer feComposite
  feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
  feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`.split(
    /\s+/,
  ),
);

/** Elements that go while what stands in them stays. */
const WRAPPING: ReadonlySet<string> = new Set(['a']);

/** Deeper nesting draws nothing that anybody made by hand or by program. */
const MAX_DEPTH = 200;

const SVG = 'http://www.w3.org/2000/svg';
const XLINK = 'http://www.w3.org/1999/xlink';
const OPENING = `<svg xmlns="${SVG}" xmlns:xlink="${XLINK}"`;

/**
 * Writes an SVG anew with what draws and nothing else: no scripts, no handlers, no animations, no foreign objects, no links, nothing that is
 * fetched from elsewhere. Undefined for what is no well-formed SVG.
 */
export function cleanSvg(text: string): string | undefined {
  const parts = readSvg(text.replace(/^\uFEFF/, ''));
  const root = parts?.find(({ kind }) => kind !== 'text');
  if (!parts || root?.kind !== 'open' || localName(root.name) !== 'svg') return undefined;
  const written: string[] = [];
  // What each open element came to: its tag, '' for one that wraps, undefined for one that is left out.
  const open: (string | undefined)[] = [];
  for (const [index, part] of parts.entries()) {
    if (open.length > MAX_DEPTH) return undefined;
    if (part.kind === 'open') written.push(opened(part, open, () => styleAfter(parts, index)));
    else if (part.kind === 'close') written.push(closed(open));
    else if (open.length > 0 && !open.includes(undefined)) written.push(escaped(part.text));
  }
  return written.join('');
}

function opened(
  { name, attributes, isEmpty }: Extract<SvgPart, { kind: 'open' }>,
  open: (string | undefined)[],
  styleOf: () => string | undefined,
): string {
  const own = localName(name);
  const isDrawn = DRAWING.has(own) && (own !== 'style' || (!isEmpty && isHarmless(styleOf() ?? '\\')));
  const isLeftOut = open.includes(undefined) || !(isDrawn || WRAPPING.has(own));
  const tag = isLeftOut ? undefined : WRAPPING.has(own) ? '' : own;
  if (!isEmpty) open.push(tag);
  if (!tag) return '';
  const isRoot = tag === 'svg' && open.length === (isEmpty ? 0 : 1);
  const kept = [...attributes].filter(([key, value]) => isKept(own, key, value));
  const list = kept.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('');
  return `${isRoot ? OPENING : `<${tag}`}${list}${isEmpty ? '/>' : '>'}`;
}

function closed(open: (string | undefined)[]): string {
  const isLeftOut = open.includes(undefined);
  const tag = open.pop();
  return isLeftOut || !tag ? '' : `</${tag}>`;
}

/** What a style sheet says; undefined for an element with others in it. */
function styleAfter(parts: readonly SvgPart[], index: number): string | undefined {
  let style = '';
  for (let at = index + 1; at < parts.length; at += 1) {
    const part = parts[at];
    if (part?.kind !== 'text') return part?.kind === 'close' ? style : undefined;
    style += part.text;
  }
  return undefined;
}

/** Elements are drawn by their names; a prefix other than that of SVG itself belongs to some other language. */
function localName(name: string): string {
  return name.startsWith('svg:') ? name.slice(4) : name;
}

const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$/;

function isKept(element: string, name: string, value: string): boolean {
  if (name === 'href' || name === 'xlink:href') {
    return /^#[^\s"'<>]*$/.test(value) || (element === 'image' && PICTURE.test(value));
  }
  if (name.includes(':')) return name === 'xml:space';
  return name !== 'xmlns' && !/^on/i.test(name) && isHarmless(value);
}

/** Whether a value or a style sheet fetches nothing: addresses lead within the picture, and nothing hides behind escapes. */
function isHarmless(text: string): boolean {
  const plain = text.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  if (
    /[\\<]|@import|@namespace|expression\s*\(|(?:java|vb)script\s*:|-moz-binding|image-set|\bsrc\s*\(|behavior\s*:/i.test(
      plain,
    )
  )
    return false;
  return [...plain.matchAll(/url\s*\(\s*(["']?)\s*([^)]?)/gi)].every(([, , first]) => first === '#');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
