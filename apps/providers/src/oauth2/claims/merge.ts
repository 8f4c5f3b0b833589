type Claims = Readonly<Record<string, unknown>>;

/** Merges claims deeply: objects are merged, lists appended, everything else replaced. */
export function mergeClaims(left: Claims, right: Claims): Record<string, unknown> {
  const merged = new Map(Object.entries(left));
  for (const [name, value] of Object.entries(right)) merged.set(name, mergeValue(merged.get(name), value));
  return Object.fromEntries(merged);
}

function mergeValue(left: unknown, right: unknown): unknown {
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  return isObject(left) && isObject(right) ? mergeClaims(left, right) : right;
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
