import type { Json } from '../events/index.ts';

/** Bytes of a context, as JSON: enough for any traceback, too little to fill a disk. */
export const LARGEST = 64 * 1024;

/** Length of a text, and of a list, in a context that is too large. */
const LONGEST = 2_048;
const MOST_ITEMS = 50;

/** The context, or as much of it as fits, with a note that something is missing: an event that is too large is cut, never lost. */
export function bounded(context: Json): Json {
  const size = sizeOf(context);
  if (size <= LARGEST) return context;
  const cut: Json = { cut: `The context had ${size} bytes; long texts and lists are shortened.` };
  let left = LARGEST - 1_024;
  for (const [key, value] of Object.entries(context)) {
    const short = shorten(value);
    const needed = sizeOf(short) + sizeOf(key) + 2;
    if (needed > left) continue;
    left -= needed;
    cut[key] = short;
  }
  return cut;
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST).toWellFormed()}...` : value;
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shorten(inner)]));
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}
