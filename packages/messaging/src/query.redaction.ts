const SECRET =
  /^(?:.*(?:token|secret|password|assertion|signature|verifier)|code|key|state|id_token_hint|samlrequest|samlresponse)$/i;

/**
 * The query string as events keep it: values of parameters that may be credentials are masked, however deep a query stands within a query.
 * The services get it as it came: they send browsers back to where they were.
 */
export function redactQuery(query: string, depth = 0): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => maskPair(pair, depth))
    .join('&');
}

const MASK = '***';
/** A query within a query within a query; who nests deeper gets no more work out of us. */
const DEEPEST = 3;

function maskPair(pair: string, depth: number): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return pair;
  const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
  if (SECRET.test(decode(name))) return `${name}=${MASK}`;
  // A query within the query, as the flow executor and `next` have it.
  const inner = decode(value);
  if (!inner.includes('=')) return pair;
  const start = inner.indexOf('?') + 1;
  const rest = depth < DEEPEST ? redactQuery(inner.slice(start), depth + 1) : MASK;
  return `${name}=${encodeURIComponent(`${inner.slice(0, start)}${rest}`)}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
