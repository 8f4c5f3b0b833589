import { once } from 'node:events';
import { connect } from 'node:net';

/** A request; the body is sent as it is. */
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** An answer. Names of headers are in lower case. */
export type HttpAnswer = {
  readonly status: number;
  header(name: string): string | undefined;
  /** Cookies that the answer sets, with what they are set to. */
  cookies(): ReadonlyMap<string, string>;
  readonly body: string;
};

/** One kept-alive connection; one request at a time. */
export type HttpConnection = {
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
};

type Waiter = { resolve(answer: HttpAnswer): void; reject(reason: Error): void };

/**
 * Opens a connection. It knows as much of HTTP/1.1 as the servers under load need (an answer has a length), so that the load costs a
 * fraction of what the server does with it.
 */
export async function connectHttp(host: string, port: number): Promise<HttpConnection> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  let waiter: Waiter | undefined;
  let rest: Buffer = Buffer.alloc(0);
  const fail = (reason: Error) => {
    waiter?.reject(reason);
    waiter = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    try {
      const read = readAnswer(rest);
      if (read === undefined) return;
      rest = rest.subarray(read.length);
      const { resolve } = waiter ?? {};
      waiter = undefined;
      resolve?.(read.answer);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
      socket.destroy();
    }
  });
  return {
    send(request) {
      const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
      waiter = { resolve, reject };
      socket.write(textOf(request, `${host}:${port}`));
      return promise;
    },
    close: () => socket.destroy(),
  };
}

function textOf({ method, path, headers = {}, body }: HttpRequest, host: string): string {
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const name of Object.keys(headers)) head += `${name}: ${headers[name]}\r\n`;
  if (body === undefined) return `${head}\r\n`;
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const END = Buffer.from('\r\n\r\n');

function readAnswer(bytes: Buffer): { answer: HttpAnswer; length: number } | undefined {
  const end = bytes.indexOf(END);
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end + 2);
  const status = Number(head.slice(9, 12));
  const start = end + END.length;
  const size = sizeOf(head, status);
  if (bytes.length < start + size) return undefined;
  const body = size === 0 ? '' : bytes.toString('utf8', start, start + size);
  return { answer: { status, body, header: readHeader(head), cookies: () => cookiesIn(head) }, length: start + size };
}

function sizeOf(head: string, status: number): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (status === 204 || status === 304) return 0;
  throw new Error(`an answer (${status}) without a length`);
}

function readHeader(head: string) {
  return (name: string): string | undefined => {
    const at = head.toLowerCase().indexOf(`\r\n${name}:`);
    if (at < 0) return undefined;
    const start = at + name.length + 3;
    return head.slice(start, head.indexOf('\r\n', start)).trim();
  };
}

function cookiesIn(head: string): Map<string, string> {
  const found = head.matchAll(/\r\nset-cookie: *([^=\s]+)=([^;\r]*)/gi);
  return new Map([...found].map(([, name = '', value = '']) => [name, value]));
}
