import type { NatsBusOptions } from '@postern/messaging';

/** What NATS is connected by, from `nats://user:password@host:4222`, several separated by commas; the login of the first counts for all. */
export function natsConnection(urls: string): NatsBusOptions['connection'] {
  const parsed = urls.split(',').map((each) => new URL(each.trim()));
  const [first] = parsed;
  const user = decodeURIComponent(first?.username ?? '');
  const pass = decodeURIComponent(first?.password ?? '');
  const login = pass ? { user, pass } : user ? { token: user } : {};
  const isSecure = parsed.some(({ protocol }) => protocol === 'tls:');
  return { servers: parsed.map(({ host }) => host), ...login, ...(isSecure ? { tls: {} } : {}) };
}
