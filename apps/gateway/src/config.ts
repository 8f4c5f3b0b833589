import {
  type Address,
  address,
  addressOrOff,
  bytes,
  type ConfigOf,
  count,
  defineConfig,
  duration,
  list,
  networks,
} from '@postern/config';

/** Settings of the gateway. Every one has a default. */
export const gatewayConfig = defineConfig({
  listen: defineConfig({
    http: address('Where the public HTTP server listens.', '0.0.0.0:9000'),
    https: addressOrOff(
      'Where the public HTTPS server listens; `off` for nowhere. Default: port 9443 of the interface that HTTP listens on.',
    ),
  }),
  trustedProxies: networks('Proxies whose X-Forwarded-* headers count. None by default.', ''),
  cors: defineConfig({
    origins: list('Origins whose pages may call the API with cookies, such as https://app.example.com.', ''),
  }),
  limits: defineConfig({
    body: bytes('Largest request body.', '10MiB'),
    headers: bytes('Largest head of a request.', '32KiB'),
    anonymousRate: count('Requests per second and address without a valid credential; 0 for no limit.', '1000'),
    connections: count('Open connections at a time, over HTTP and over HTTPS each; 0 for no limit.', '0'),
  }),
  timeouts: defineConfig({
    request: duration('Time that a service has to answer.', '30s'),
    receive: duration('Time that a client has to send its request.', '60s'),
    headers: duration(
      'Time that a client has to send the head of its request, and for the TLS handshake before it.',
      '15s',
    ),
    drain: duration('Time that requests have to finish when the process ends.', '10s'),
  }),
});

/** The settings as read. */
export type GatewayConfig = ConfigOf<typeof gatewayConfig>;

const HTTPS_PORT = 9_443;

/** Where HTTPS is served: who keeps HTTP on one interface does not open another by leaving a setting out. Undefined for nowhere. */
export function httpsAddress({ http, https }: GatewayConfig['listen']): Address | undefined {
  if (https === 'off') return undefined;
  return https ?? { host: http.host, port: HTTPS_PORT };
}
