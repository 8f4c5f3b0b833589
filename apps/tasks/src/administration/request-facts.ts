import { redactQuery } from '@postern/messaging';
import type { ClientInfo } from '@postern/rpc';

/** Headers that the interface between servers and applications names without a prefix. */
const BARE = new Set(['content-type', 'content-length']);

/**
 * A request as the interface between web servers and Python applications (PEP 3333) names its parts, which is how the contract shows
 * it: `REQUEST_METHOD`, `HTTP_HOST`, ... What comes from headers are the client's words; the address and the scheme are what Postern
 * makes of them, after the trusted proxies.
 */
export function requestFacts(client: ClientInfo, headers: Readonly<Record<string, string>>): Record<string, string> {
  const [, name = '', port = client.scheme === 'https' ? '443' : '80'] = /^(.*?)(?::(\d+))?$/.exec(client.host) ?? [];
  const fromHeaders = Object.entries(headers).map(([header, value]) => [variableOf(header), value] as const);
  return {
    ...Object.fromEntries(fromHeaders),
    REQUEST_METHOD: client.method,
    PATH_INFO: client.path,
    QUERY_STRING: redactQuery(client.query),
    REMOTE_ADDR: client.address,
    SERVER_NAME: name,
    SERVER_PORT: port,
    'wsgi.url_scheme': client.scheme,
  };
}

function variableOf(header: string): string {
  const variable = header.replaceAll('-', '_').toUpperCase();
  return BARE.has(header) ? variable : `HTTP_${variable}`;
}
