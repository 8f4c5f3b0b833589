import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContext, type TLSSocket } from 'node:tls';
import type { Address } from '@postern/config';
import type { Logger } from '@postern/observability';
import { plainAddress } from '../edge/client.address.ts';
import { type Certificates, RULES, type TlsOptions } from './certificates.ts';

/** The public HTTPS server: it opens connections, and hands them to the HTTP server. */
export type HttpsServer = {
  /** Listens; port 0 lets the system choose. Answers with the port. */
  listen(address: Address): Promise<number>;
  /** Takes no more connections, drops handshakes, and resolves when the last connection is gone. */
  close(): Promise<void>;
};

/** What it needs. */
export type HttpsServerDeps = {
  certificates(install: (options: TlsOptions) => void): Certificates;
  /** Serves requests on a connection that is open. */
  serve(socket: TLSSocket): void;
  /** Time for a handshake, in milliseconds. */
  handshakeMs: number;
  /** Open connections at a time; 0 for no limit. */
  connections: number;
  log: Logger;
};

/** Creates the server. Nothing listens yet. */
export function createHttpsServer({ serve, handshakeMs, connections, log, ...deps }: HttpsServerDeps): HttpsServer {
  const handshakes = createHandshakes(handshakeMs);
  const certificates = deps.certificates((options) => engine.setSecureContext(options));
  const engine = createTlsServer({
    ...RULES,
    ALPNProtocols: ['http/1.1'],
    // Node calls it on the connection, and without saying so never for a client that names no host.
    SNICallback(this: unknown, name: string, done: Chosen) {
      certificates.named(name, addressOf(this)).then((context) => done(null, context), done);
    },
  });
  engine.on('tlsClientError', (error) => log.debug({ reason: error.message }, 'a TLS handshake failed'));
  engine.on('secureConnection', (socket) => {
    handshakes.finish(socket);
    serve(socket);
  });

  /** Lets a connection in. Whoever names a host is served also where nothing can be shown to the others. */
  async function letIn(socket: Socket): Promise<void> {
    handshakes.begin(socket);
    await certificates.standard(addressOf(socket)).catch(() => undefined);
    if (!socket.destroyed) engine.emit('connection', socket);
  }

  const door = createServer({ noDelay: true }, (socket) => void letIn(socket));
  door.on('error', (error) => log.warn({ err: error }, 'a connection could not be taken'));
  if (connections > 0) door.maxConnections = connections;

  return {
    async listen({ host, port }) {
      door.listen({ host, port });
      await once(door, 'listening');
      const address = door.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    async close() {
      const closed = new Promise((resolve) => door.close(resolve));
      handshakes.drop();
      await closed;
      await certificates.close();
    },
  };
}

type Chosen = (error: Error | null, context?: SecureContext) => void;

/**
 * Connections that are not open yet; they have so many milliseconds to be. The engine shows none of them, and an open one is another object: they
 * are known by where they come from.
 */
function createHandshakes(limitMs: number) {
  const waiting = new Map<string, { readonly socket: Socket; readonly timer: NodeJS.Timeout }>();
  const end = (way: string) => {
    clearTimeout(waiting.get(way)?.timer);
    waiting.delete(way);
  };
  return {
    begin(socket: Socket): void {
      const way = wayOf(socket);
      waiting.set(way, { socket, timer: setTimeout(() => socket.destroy(), limitMs) });
      // A client may go away at any time; without a listener that would end the process.
      socket.on('error', () => end(way)).once('close', () => end(way));
    },
    finish: (socket: Socket) => end(wayOf(socket)),
    drop(): void {
      for (const { socket } of waiting.values()) socket.destroy();
    },
  };
}

function wayOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

function addressOf(connection: unknown): string {
  return plainAddress((connection instanceof Socket && connection.remoteAddress) || '');
}
