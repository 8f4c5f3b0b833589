import { KEYS, textOf, type WireMetadata, type WireValue } from './wire.ts';

/** A cookie for the HTTP answer. */
export type Cookie = {
  readonly name: string;
  readonly value: string;
  /** Seconds; 0 deletes the cookie, absent keeps it for the browser session. */
  readonly maxAge?: number;
  /** Default `/`. */
  readonly path?: string;
  readonly domain?: string;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: 'lax' | 'strict' | 'none';
};

/** Head of an HTTP answer as another service wants it. */
export type ReceivedHead = {
  readonly status?: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly cookies: readonly Cookie[];
};

/** What a handler wants on the HTTP answer. It holds for errors, too. */
export type ResponseHead = {
  /** HTTP status instead of the usual one. */
  status(status: number): void;
  /** Adds a header. */
  header(name: string, value: string): void;
  /** Sets a cookie. */
  cookie(cookie: Cookie): void;
  /** Sends the browser elsewhere. Default status 302. */
  redirect(url: string, status?: number): void;
  /** Takes over the head of a call that this one made. */
  adopt(head: ReceivedHead): void;
};

/** A head that a handler writes and a transport sends. */
export function createResponseHead(): ResponseHead & { toMetadata(): WireMetadata } {
  let code: number | undefined;
  const headers: (readonly [string, string])[] = [];
  const cookies: Cookie[] = [];
  const self: ResponseHead = {
    status(status) {
      code = status;
    },
    header: (name, value) => void headers.push([name, value]),
    cookie: (cookie) => void cookies.push(cookie),
    redirect(url, status = 302) {
      code = status;
      headers.push(['location', url]);
    },
    adopt(head) {
      code = head.status ?? code;
      headers.push(...head.headers);
      cookies.push(...head.cookies);
    },
  };
  return { ...self, toMetadata: () => pack(code, headers, cookies) };
}

const NOTHING: WireMetadata = new Map();

function pack(
  status: number | undefined,
  headers: readonly (readonly [string, string])[],
  cookies: readonly Cookie[],
): WireMetadata {
  if (status === undefined && headers.length === 0 && cookies.length === 0) return NOTHING;
  const metadata = new Map<string, WireValue[]>();
  if (status !== undefined) metadata.set(KEYS.status, [String(status)]);
  if (headers.length > 0)
    metadata.set(
      KEYS.header,
      headers.map(([name, value]) => Buffer.from(`${name}: ${value}`)),
    );
  if (cookies.length > 0)
    metadata.set(
      KEYS.cookie,
      cookies.map((cookie) => Buffer.from(JSON.stringify(cookie))),
    );
  return metadata;
}

const UNCHANGED: ReceivedHead = { headers: [], cookies: [] };

/** Reads a head out of the metadata of an answer. */
export function readResponseHead(metadata: WireMetadata): ReceivedHead {
  if (metadata.size === 0) return UNCHANGED;
  const status = textOf(metadata, KEYS.status);
  const headers = (metadata.get(KEYS.header) ?? []).map((line) => splitHeader(textIn(line)));
  const cookies = (metadata.get(KEYS.cookie) ?? []).map((text): Cookie => JSON.parse(textIn(text)));
  return { ...(status === undefined ? {} : { status: Number(status) }), headers, cookies };
}

function textIn(value: WireValue): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : value.toString();
}

function splitHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon), line.slice(colon + 2)];
}
