/** Names of arguments whose values nobody is shown. */
const SECRET = /password|secret|token|key|credential|authorization|cookie|assertion/i;
const MASK = '********************';
const DEEPEST = 20;

/** Arguments as they are shown: what stands under a telling name is masked, however deep. */
export function maskArgs(args: unknown): Record<string, unknown> {
  const masked = mask(args, 0);
  return typeof masked === 'object' && masked !== null && !Array.isArray(masked) ? { ...masked } : {};
}

function mask(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return MASK;
  if (Array.isArray(value)) return value.map((item) => mask(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) ? MASK : mask(inner, depth + 1)]),
  );
}
