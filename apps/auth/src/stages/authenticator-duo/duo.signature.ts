import { createHash, createHmac } from 'node:crypto';

/** A request to Duo, before it is signed. */
export type DuoRequest = {
  readonly method: 'GET' | 'POST';
  /** Host name without a port. */
  readonly host: string;
  readonly path: string;
  /** Parameters of the query; empty for a POST. */
  readonly query: Readonly<Record<string, string>>;
  /** The body, to the byte; empty for a GET. */
  readonly body: string;
  /** RFC 2822, as in the header `Date`. */
  readonly date: string;
};

/** What an application at Duo signs with. */
export type DuoKeys = { readonly integrationKey: string; readonly secretKey: string };

/** The `Authorization` of a request: Duo's signature version 5, HMAC-SHA512 over the canonical request. */
export function signDuo(request: DuoRequest, { integrationKey, secretKey }: DuoKeys): string {
  const signature = createHmac('sha512', secretKey).update(canonicalDuo(request)).digest('hex');
  return `Basic ${Buffer.from(`${integrationKey}:${signature}`).toString('base64')}`;
}

/** Date, method, host, path, parameters, and the hashes of the body and of the headers that begin with `X-Duo-`, of which there are none. */
export function canonicalDuo({ date, method, host, path, query, body }: DuoRequest): string {
  const lines = [date, method, host.toLowerCase(), path, canonicalQuery(query), sha512(body), sha512('')];
  return lines.join('\n');
}

/** Parameters in the order of their names, percent-encoded as RFC 3986 says. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => [encoded(name), encoded(value)] as const);
  return pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha512(text: string): string {
  return createHash('sha512').update(text).digest('hex');
}
