import type { Json } from '../events/index.ts';

/** Keys whose values no audit log may keep. */
const SECRET = /api|token|key|secret|pass|signature|http_cookie/i;
const HARMLESS = /passing/i;
const MASK = '********************';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Deeper data says nothing to people. */
const DEEPEST = 32;

/**
 * What an event keeps of free-form data: scalars under a key that smells of a secret are masked, however deep they stand; UUIDs lose their
 * dashes; empty items of lists are dropped; what the database could not keep (NUL, halves of characters) goes.
 */
export function cleanse(context: Json, depth = 0): Json {
  return Object.fromEntries(
    Object.entries(context)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [storable(key), clean(value, SECRET.test(key) && !HARMLESS.test(key), depth + 1)]),
  );
}

function clean(value: unknown, isSecret: boolean, depth: number): unknown {
  if (depth > DEEPEST) return '...';
  if (Array.isArray(value)) return value.filter(Boolean).map((item) => clean(item, isSecret, depth + 1));
  if (typeof value === 'object' && value !== null) return cleanse({ ...value }, depth);
  if (isSecret) return MASK;
  return typeof value === 'string' ? undashed(storable(value)) : value;
}

/** A text as the database can keep it. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** A UUID as event contexts write it. */
export function undashed(uuid: string): string {
  return UUID.test(uuid) ? uuid.replaceAll('-', '').toLowerCase() : uuid;
}
