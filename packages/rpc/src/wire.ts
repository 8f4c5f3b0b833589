/** What is signed when it leaves the process, and taken as it is within. */
export type Handed = { readonly handed: true; toString(): string };

/** One value of gRPC metadata; keys that end in `-bin` hold bytes, all others printable ASCII. */
export type WireValue = string | Uint8Array | Handed;

/** gRPC metadata, the same for every transport. */
export type WireMetadata = ReadonlyMap<string, readonly WireValue[]>;

/** The fixed metadata keys. */
export const KEYS = {
  /** Request: who is calling, signed. */
  principal: 'postern-principal',
  /** Request: where the request came in, signed. */
  client: 'postern-client',
  /** Request: the change set that the call is part of, signed. Comes with the principal of a service. */
  changeSet: 'postern-change-set',
  /** Request: nothing is to be done; all that is asked is whether the service would look at the request. */
  admission: 'postern-admission',
  /** Request: prefix of the HTTP headers that an RPC asked for. A value that is not printable ASCII travels under `...-bin`. */
  forwarded: 'postern-http-',
  /** Answer: HTTP status, decimal. */
  status: 'postern-http-status',
  /** Answer, repeated: one HTTP header, `name: value`, UTF-8. */
  header: 'postern-http-header-bin',
  /** Answer, repeated: one cookie, JSON of `Cookie`, UTF-8. */
  cookie: 'postern-http-cookie-bin',
  /** Answer: google.rpc.Status with its details, when the call failed. */
  details: 'grpc-status-details-bin',
} as const;

/** Largest message in bytes, either way. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** The first value under a key, unless it is bytes. */
export function tokenOf(metadata: WireMetadata, key: string): string | Handed | undefined {
  const value = metadata.get(key)?.[0];
  return value instanceof Uint8Array ? undefined : value;
}

/** The text under a key: the first value, if it is text. */
export function textOf(metadata: WireMetadata, key: string): string | undefined {
  const value = metadata.get(key)?.[0];
  return typeof value === 'string' ? value : undefined;
}

const PRINTABLE = /^[\x20-\x7e]*$/;

/** HTTP headers as request metadata. */
export function packHeaders(headers: Readonly<Record<string, string>>): [string, WireValue[]][] {
  return Object.entries(headers).map(([name, value]) => {
    const key = `${KEYS.forwarded}${name.toLowerCase()}`;
    return PRINTABLE.test(value) ? [key, [value]] : [`${key}-bin`, [Buffer.from(value)]];
  });
}

/** HTTP headers out of request metadata, names in lower case. */
export function unpackHeaders(metadata: WireMetadata): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [key, [value]] of metadata) {
    if (!key.startsWith(KEYS.forwarded) || value === undefined) continue;
    const name = key.slice(KEYS.forwarded.length);
    if (typeof value === 'string') headers[name] = value;
    else if (value instanceof Uint8Array) headers[name.replace(/-bin$/, '')] = Buffer.from(value).toString();
  }
  return headers;
}
