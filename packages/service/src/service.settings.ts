import {
  address,
  type ConfigOf,
  choice,
  count,
  defineConfig,
  duration,
  formatAddress,
  places,
  secret,
  secretUrl,
  text,
  url,
} from '@postern/config';
import type { ServiceName } from '@postern/rpc';

/** Ports of gRPC where nothing else is said. */
export const GRPC_PORTS = { auth: 9401, directory: 9402, providers: 9403, tasks: 9404 } as const;

const place = (app: keyof typeof GRPC_PORTS) =>
  places(`Where the ${app} service is reached, when it runs in processes of its own.`, `127.0.0.1:${GRPC_PORTS[app]}`);

/** Settings of every process, whichever apps it runs. */
export const serviceSettings = defineConfig({
  secretKey: secret.required(
    'Root of every key that Postern derives; at least 16 characters, the same for all services.',
  ),
  secretKeyPrevious: secret(
    'The secret key before this one: what it signed and encrypted stays valid while it is given.',
  ),
  logLevel: choice(['trace', 'debug', 'info', 'warn', 'warning', 'error', 'silent'])(
    'Least urgent log lines written.',
    'info',
  ),
  listen: defineConfig({
    grpc: address(
      'Where a service that runs alone listens for gRPC. Default: its own port, 9401 to 9404, on every interface.',
    ),
    metrics: address('Where metrics and health are served, for machines that watch the process.', '0.0.0.0:9300'),
  }),
  database: defineConfig({
    url: secretUrl(
      'PostgreSQL, as the role that owns the schemas. Each service keeps a schema of its own and serves with a lesser role.',
    ),
    poolSize: count('Connections at most, for each service.', '10'),
  }),
  changeSets: defineConfig({
    limit: count('Change sets that a service holds open at once; each takes one of its connections.', '2'),
    silence: duration('A change set of which a service hears nothing for so long is rolled back.', '10s'),
  }),
  expressions: defineConfig({
    interpreters: count(
      'Python interpreters at most, for the expressions of administrators; none runs before the first.',
      '2',
    ),
    spare: count('Interpreters that wait warm, so that nobody waits for one to start; at least 180 MB each.', '1'),
    idle: duration('An interpreter that evaluates nothing for so long ends.', '10m'),
    cacheDir: text(
      'Folder for the memory image that interpreters start from. Default: below the folder of temporary files.',
    ),
  }),
  nats: defineConfig({
    url: secret(
      'NATS servers, separated by commas: `nats://user:password@host:4222`. Without one, events stay in the process.',
    ),
    replicas: count('Copies of the event stream in a NATS cluster.', '1'),
  }),
  services: defineConfig({
    auth: place('auth'),
    directory: place('directory'),
    providers: place('providers'),
    tasks: place('tasks'),
  }),
  tls: defineConfig({
    ca: secret('Certificate authority of the services, PEM. With it, services show each other certificates (mTLS).'),
    cert: secret('Certificate of this service, PEM.'),
    key: secret('Private key of this service, PEM.'),
  }),
  trace: defineConfig({
    endpoint: url(
      'OpenTelemetry collector, OTLP over HTTP: `http://collector:4318/v1/traces`. Without one, nothing is traced.',
    ),
    percent: count('How many of a hundred requests are traced.', '100'),
  }),
  drain: duration('Time that calls have to finish when the process ends.', '10s'),
});

/** The settings as read. */
export type ServiceSettings = ConfigOf<typeof serviceSettings>;

/** Address on which a service that runs alone listens. */
export function grpcAddress(app: ServiceName, { listen }: ServiceSettings): string | undefined {
  if (app === 'gateway') return undefined;
  return listen.grpc ? formatAddress(listen.grpc) : `0.0.0.0:${GRPC_PORTS[app]}`;
}

/** Where another service is reached over the network. */
export function addressOf(app: ServiceName, { services }: ServiceSettings): string {
  if (app === 'gateway') throw new TypeError('nobody calls the gateway');
  return services[app].map(formatAddress).join(',');
}
