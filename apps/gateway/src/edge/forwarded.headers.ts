import type { IncomingHttpHeaders } from 'node:http';

/** What stands for the value of a header that carries a credential. */
export const MASK = '********************';

/** Names of headers whose values prove who somebody is. */
const CREDENTIAL =
  /authoriz|authentica|cookie|token|key|secret|passw|credential|signature|session|assertion|jwt|csrf|oidc-data/;

/** What a name may be made of to travel as metadata; a name that ends in `-bin` would be read as bytes. */
const PORTABLE = /^(?!.*-bin$)[0-9a-z_.-]+$/;

/** More of them are no sign of an honest client, and would not fit into the metadata of a call. */
const MOST = 64;

/**
 * The headers that an operation asks for, for the service that answers it. `*` asks for all of them: credentials do not leave the
 * gateway then, only that there were some.
 */
export function forwardedHeaders(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const picked = names.includes('*') ? allOf(headers) : names.flatMap((name) => entryOf(headers, name));
  return Object.fromEntries(picked);
}

type Entry = readonly [name: string, value: string];

function allOf(headers: IncomingHttpHeaders): Entry[] {
  const names = Object.keys(headers).filter((name) => PORTABLE.test(name));
  const entries = names.slice(0, MOST).flatMap((name) => entryOf(headers, name));
  return entries.map(([name, value]) => [name, CREDENTIAL.test(name) ? MASK : value]);
}

function entryOf(headers: IncomingHttpHeaders, name: string): Entry[] {
  const value = headers[name];
  return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]];
}
