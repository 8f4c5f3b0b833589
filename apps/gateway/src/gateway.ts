import { fileURLToPath } from 'node:url';
import type { FileRegistry } from '@bufbuild/protobuf';
import type { Address } from '@postern/config';
import type { Logger, Metrics } from '@postern/observability';
import { auth, directory, providers } from '@postern/proto';
import type { Client, Sealer, ServiceDefinition, ServiceName } from '@postern/rpc';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from './config.ts';
import { createFrontEnds } from './credentials/front-ends.ts';
import type { ChangeFeed } from './credentials/generations.ts';
import { createPrincipals } from './credentials/principals.ts';
import { createTenants } from './credentials/tenants.ts';
import { createOriginReader } from './edge/client.address.ts';
import { createGuard } from './edge/guard.ts';
import { createHeadlessEdge } from './edge/headless.edge.ts';
import { registerHealth } from './edge/health.routes.ts';
import { createHttpServer } from './edge/http.server.ts';
import { registerOperations } from './edge/operation.routes.ts';
import { createRateLimit } from './edge/rate.limit.ts';
import { registerSchema } from './edge/schema.routes.ts';
import { registerPages } from './pages/page.routes.ts';
import { createCertificates } from './tls/certificates.ts';
import { createHttpsServer } from './tls/https.server.ts';
import { createPairReader } from './tls/pair.reader.ts';
import { buildEndpoints } from './transcoding/endpoints.ts';

/** What the gateway is built from. */
export type GatewayDeps = {
  config: GatewayConfig;
  /** The descriptor set of all protos. */
  registry: FileRegistry;
  /** A client of a service, wherever its app runs. */
  client<Definition extends ServiceDefinition>(definition: Definition, app?: ServiceName): Client<Definition>;
  sealer: Sealer;
  log: Logger;
  metrics?: Metrics;
  /** Where revocations are heard of; without one they take effect within seconds. */
  bus?: ChangeFeed;
  clock: { now(): Date };
  /** Whether the process can serve. Default: always. */
  isReady?: () => Promise<boolean> | boolean;
  /** Folder of the built web app. Default: that of the repository. */
  webDir?: string;
  /** Apps whose operations are served: the second word of their proto packages. */
  apps?: readonly string[];
};

/** The public edge, built and not yet listening. */
export type Gateway = {
  /** Listens; port 0 lets the system choose. Answers with the port. */
  listen(address: Address): Promise<number>;
  /** The same for HTTPS. What HTTP limits, it limits, too, once that listens. */
  listenTls(address: Address): Promise<number>;
  /** Takes no more connections, waits for requests under way up to the configured time, then cuts them. */
  close(): Promise<void>;
  /** Sends a request without a socket, for tests. */
  inject: FastifyInstance['inject'];
};

const APPS = ['auth', 'directory', 'providers', 'tasks'] as const;
const BUILT_PAGES = fileURLToPath(new URL('../../web/dist/', import.meta.url));

/** Builds the gateway. Throws when the protos bind what cannot be served. */
export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const { config, registry, client, sealer, log, metrics, bus, clock, isReady = () => true } = deps;
  const now = () => clock.now().getTime();
  const tenants = createTenants({ directory: client(directory.TenantServiceDefinition), bus, clock: now });
  const principals = createPrincipals({ auth: client(auth.PrincipalServiceDefinition), sealer, bus, clock: now });
  const trustedOrigins: ReadonlySet<string> = new Set(config.cors.origins);
  const limit = createRateLimit({ rate: config.limits.anonymousRate, clock: now });
  const frontEnds = createFrontEnds({ auth: client(auth.HeadlessOriginServiceDefinition), bus, clock: now });
  const headless = createHeadlessEdge({ tenants, frontEnds, trustedOrigins, clock });
  const guard = createGuard({ tenants, principals, sealer, limit, trustedOrigins, headless });
  const { throttle } = guard;
  const readOrigin = createOriginReader(config.trustedProxies);
  const app = await createHttpServer({ config, readOrigin, trustedOrigins, log, metrics, throttle });
  const endpoints = buildEndpoints({ registry, client, apps: new Set(deps.apps ?? APPS) });
  const { body: bodyLimit } = config.limits;
  registerOperations(app, { endpoints, guard, headless, log, timeout: config.timeouts.request, bodyLimit });
  registerHealth(app, { isReady, client, needed: ['auth', 'directory'] });
  registerSchema(app, throttle);
  await registerPages(app, { webDir: deps.webDir ?? BUILT_PAGES, tenants, throttle });
  let isClosing = false;
  // Else the connection of a request under way stays open after its answer until it is cut.
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
  await app.ready();
  const read = createPairReader({ providers: client(providers.ServingPairServiceDefinition), log });
  const https = createHttpsServer({
    certificates: (install) => createCertificates({ tenants, read, throttle, install, bus, clock: now }),
    // Its requests meet the limits, the routes and the end of those of HTTP.
    serve: (socket) => app.server.emit('connection', socket),
    handshakeMs: config.timeouts.headers,
    connections: config.limits.connections,
    log,
  });
  return {
    inject: app.inject.bind(app),
    async listen({ host, port }) {
      const url = await app.listen({ host, port });
      return Number(new URL(url).port);
    },
    listenTls: (address) => https.listen(address),
    async close() {
      isClosing = true;
      const timer = setTimeout(() => app.server.closeAllConnections(), config.timeouts.drain);
      await Promise.all([https.close(), app.close()]);
      clearTimeout(timer);
      await Promise.all([tenants.close(), principals.close(), frontEnds.close()]);
    },
  };
}
