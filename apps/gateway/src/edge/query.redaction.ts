const SECRET =
  /^(?:.*(?:token|secret|password|assertion|signature|verifier)|code|key|state|id_token_hint|samlrequest|samlresponse)$/i;

/**
 * The query string as services log it and events keep it: values of parameters that may be credentials are masked. An
 * operation gets its own parameters untouched, in its request.
 */
export function redactQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => maskPair(pair))
    .join('&');
}

function maskPair(pair: string): string {
  const [name = '', value] = pair.split('=', 2);
  if (value === undefined) return pair;
  if (SECRET.test(decode(name))) return `${name}=***`;
  // A query within the query, as the flow executor has it.
  const inner = decode(value);
  return inner.includes('=') ? `${name}=${encodeURIComponent(redactQuery(inner.replace(/^[^?]*\?/, '')))}` : pair;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
