import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What to ask for. */
export type Ask = {
  url: URL;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Name by which the tenant is found. Default: that of the url. */
  host?: string;
  /** Milliseconds to wait for the answer. Default 30,000. */
  patience?: number;
};

/** An answer, whatever it is. */
export type Reply = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

/** Sends a request; redirects are not followed. Rejects when no answer comes. `fetch` would not let a request name its host. */
export async function ask({ url, method, headers, body, host, patience = 30_000 }: Ask): Promise<Reply> {
  // The length is not told by itself for every method that may have a body.
  const content = body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {};
  const all = { ...headers, ...(host ? { host } : {}), ...content };
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const outgoing = request(url, { method, headers: all, signal: AbortSignal.timeout(patience) }, (answer) => {
    const { statusCode = 0, headers: received } = answer;
    text(answer).then((content) => resolve({ status: statusCode, headers: received, text: content }), reject);
  });
  outgoing.once('error', reject).end(body);
  return promise;
}
