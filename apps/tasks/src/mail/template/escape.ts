import type { Position } from './html.position.ts';

/** Attributes whose value is an address. */
const ADDRESSES = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'background',
  'cite',
  'poster',
  'data',
  'ping',
  'xlink:href',
]);

/** Writes a value at one place of a document. */
export type Writer = (value: string) => string;

/** How values are written at this place; undefined where none may stand. */
export function writerAt(position: Position): Writer | undefined {
  if (position.kind === 'text') return escapeHtml;
  if (position.kind === 'raw') return position.name === 'title' ? escapeHtml : undefined;
  if (position.kind !== 'attribute') return undefined;
  const { name, isStart } = position;
  if (name.startsWith('on') || name === 'style' || name === 'srcset' || name === 'srcdoc') return undefined;
  if (!ADDRESSES.has(name)) return escapeHtml;
  return isStart ? (value) => escapeHtml(safeAddress(value)) : (value) => encodeURIComponent(value);
}

/** Text within HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** An address that a mail may lead to or show: http, https, or a part of the mail itself. Anything else leads nowhere. */
export function safeAddress(value: string): string {
  if (/^cid:[\w.@-]+$/.test(value)) return value;
  return /^https?:\/\//i.test(value) && URL.canParse(value) ? value : '#';
}
