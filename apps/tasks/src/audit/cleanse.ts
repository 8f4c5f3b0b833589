import type { Json } from '../events/index.ts';

/** Keys whose values no audit log may keep. */
const SECRET = /api|token|key|secret|pass|signature|http_cookie/i;
const HARMLESS = /passing/i;
const MASK = '********************';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * What an event keeps of free-form data: scalars under a key that smells of a secret are masked, however deep they stand; UUIDs lose their
 * dashes; empty items of lists are dropped.
 */
export function cleanse(context: Json): Json {
  return Object.fromEntries(
    Object.entries(context)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, clean(value, SECRET.test(key) && !HARMLESS.test(key))]),
  );
}

function clean(value: unknown, isSecret: boolean): unknown {
  if (Array.isArray(value)) return value.filter(Boolean).map((item) => clean(item, isSecret));
  if (typeof value === 'object' && value !== null) return cleanse({ ...value });
  if (isSecret) return MASK;
  return typeof value === 'string' && UUID.test(value) ? undashed(value) : value;
}

/** A UUID as event contexts write it. */
export function undashed(uuid: string): string {
  return UUID.test(uuid) ? uuid.replaceAll('-', '').toLowerCase() : uuid;
}
