import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type * as Undici from 'undici';
import type { Dispatcher } from 'undici';
import { EgressError } from './egress.error.ts';
import { createReach } from './reach.ts';

/** One call. */
export type EgressRequest = {
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds for all of it, redirects included. Default 10,000. */
  readonly timeoutMs?: number;
  /** Bytes of the answer's body at most. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Whether a longer body is cut there instead of being an error: for callers who only want to know that there was an answer. */
  readonly cutsBody?: boolean;
  /** Redirects followed at most; each loses the credentials where it leads to another origin. Default 0: a redirect is an error. */
  readonly redirects?: number;
  /** Ends the call earlier. */
  readonly signal?: AbortSignal;
};

/** The answer, whatever its status. Header names are in lower case. */
export type EgressResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** The way out. */
export type Egress = {
  /** Calls a URL. Throws EgressError when no answer can be had, or none that may be read. */
  call(url: string | URL, request?: EgressRequest): Promise<EgressResponse>;
  close(): Promise<void>;
};

export type EgressDeps = {
  /** Networks of one's own that may be reached: addresses and CIDR ranges. */
  readonly allow: readonly string[];
  /** Certificate authorities to trust besides the usual ones, PEM; for tests and private registries. */
  readonly ca?: string;
};

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 ** 2;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Opens the way out. */
export function createEgress({ allow, ca }: EgressDeps): Egress {
  const reach = createReach(allow);
  const resolve = guardedLookup((address) => reach.allows(address));
  const connect = { lookup: resolve, timeout: TIMEOUT_MS, ...(ca !== undefined && { ca }) };
  let opened: Promise<Way> | undefined;
  let isClosed = false;
  const way = (): Promise<Way> => {
    opened ??= open(connect);
    return opened;
  };

  function check(url: URL): void {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new EgressError('bad_address');
    // An address that is no name is never looked up, so the guard there does not see it.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !reach.allows(host)) throw new EgressError('internal_address');
  }

  async function once(url: URL, request: EgressRequest, signal: AbortSignal): Promise<EgressResponse> {
    check(url);
    const { method = 'GET', headers = {}, body, maxBytes = MAX_BYTES, cutsBody = false } = request;
    const given = { method, headers: { ...credentialsOf(url), ...headers }, body: body ?? null };
    if (isClosed) throw new EgressError('unreachable');
    const { send, agent } = await way();
    const answer = await send(withoutCredentials(url), { ...given, dispatcher: agent, signal });
    return {
      status: answer.statusCode,
      headers: plainHeaders(answer.headers),
      body: await readBounded(answer, maxBytes, cutsBody),
    };
  }

  return {
    async call(address, request = {}) {
      const { timeoutMs = TIMEOUT_MS, redirects = 0, signal } = request;
      const deadline = AbortSignal.timeout(timeoutMs);
      const ended = signal ? AbortSignal.any([deadline, signal]) : deadline;
      try {
        return await followed(readUrl(address), request, redirects, (url, next) => once(url, next, ended));
      } catch (cause) {
        throw failureOf(cause, deadline, signal);
      }
    },
    async close() {
      isClosed = true;
      await (await opened)?.agent.destroy();
    },
  };
}

type Way = { readonly send: typeof Undici.request; readonly agent: Dispatcher };

/** The library takes memory and time to load: most processes call nobody, and none does at its start. */
async function open(connect: Undici.Agent.Options['connect']): Promise<Way> {
  const { Agent, request } = await import('undici');
  return { send: request, agent: new Agent({ connect }) };
}

function readUrl(address: string | URL): URL {
  if (!URL.canParse(String(address))) throw new EgressError('bad_address');
  return new URL(address);
}

type Once = (url: URL, request: EgressRequest) => Promise<EgressResponse>;

async function followed(start: URL, request: EgressRequest, redirects: number, once: Once): Promise<EgressResponse> {
  let url = start;
  let current = request;
  for (let left = redirects; ; left -= 1) {
    const answer = await once(url, current);
    const { location } = answer.headers;
    if (!REDIRECTS.has(answer.status) || location === undefined) return answer;
    if (left <= 0 || !URL.canParse(location, url.href)) throw new EgressError('redirect');
    const next = new URL(location, url);
    current = redirected(current, answer.status, next.origin === url.origin);
    url = next;
  }
}

/** 303 asks for a GET, as do 301 and 302 by custom (RFC 9110, section 15.4). Credentials stay with their origin. */
function redirected(request: EgressRequest, status: number, sameOrigin: boolean): EgressRequest {
  const { method = 'GET', body, headers = {} } = request;
  const kept = Object.entries(headers).filter(([name]) => sameOrigin || !/^(authorization|cookie)$/i.test(name));
  const isGet = status === 303 || (status < 303 && method === 'POST');
  return {
    ...request,
    headers: Object.fromEntries(kept),
    method: isGet ? 'GET' : method,
    ...(isGet || body === undefined ? { body: undefined } : { body }),
  } as EgressRequest;
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function withoutCredentials(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
}

async function readBounded(
  { body, headers }: Dispatcher.ResponseData,
  maxBytes: number,
  cuts: boolean,
): Promise<Buffer> {
  if (!cuts && Number(headers['content-length'] ?? 0) > maxBytes) {
    // A stream that is destroyed says so as an error.
    body.on('error', () => undefined).destroy();
    throw new EgressError('too_large');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Leaving the loop destroys the stream.
    if (size > maxBytes && !cuts) throw new EgressError('too_large');
    chunks.push(bytes);
    if (size > maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

/** Resolves a name and hands on only addresses that may be called; the connection goes to one of those, so a name that changes in between gains nothing. */
function guardedLookup(allows: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const reachable = addresses.filter(({ address }) => allows(address));
      const [first] = reachable;
      if (!first) return callback(new EgressError('internal_address'), '', 0);
      return options.all ? callback(null, reachable) : callback(null, first.address, first.family);
    });
  };
}

function failureOf(cause: unknown, deadline: AbortSignal, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted && !deadline.aborted) return signal.reason;
  if (cause instanceof EgressError) return cause;
  if (deadline.aborted) return new EgressError('timeout', { cause });
  return new EgressError('unreachable', { cause });
}
