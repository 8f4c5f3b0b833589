import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

// An import asks the module for each of its names, and those of web sockets load a whole client of HTTP: 1.7 MiB in every process.
const { createServer } = process.getBuiltinModule('node:http');

/** The side door of a process, for machines that watch it. */
export type Probes = {
  /** Where it listens. */
  readonly port: number;
  close(): Promise<void>;
};

export type ProbesOptions = {
  metrics: Pick<Metrics, 'text'>;
  /** Port 0 lets the system choose. */
  address: { host: string; port: number };
  /** Whether the process can serve requests now. Default: always. */
  ready?: () => boolean | Promise<boolean>;
};

/** Serves `/metrics`, `/-/health/live/` and `/-/health/ready/`. Rejects when the address is taken. */
export async function serveProbes({ metrics, address, ready = () => true }: ProbesOptions): Promise<Probes> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, { metrics, ready }).catch(() => end(response, 500, ''));
  });
  await listen(server, address);
  const { port } = server.address() as AddressInfo;
  return { port, close: () => close(server) };
}

type Asked = Required<Pick<ProbesOptions, 'metrics' | 'ready'>>;

async function answer(url: string, response: ServerResponse, { metrics, ready }: Asked): Promise<void> {
  const [path] = url.split('?');
  if (path === '/metrics') return end(response, 200, await metrics.text());
  if (path === '/-/health/live/') return end(response, 204, '');
  if (path === '/-/health/ready/') return end(response, (await ready()) ? 204 : 503, '');
  return end(response, 404, '');
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(body);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
