/** Pages of other origins: which of them may read what a client is answered (CORS; Fetch Standard, section 3.2). */

import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';

/** An address that has an origin of its own, and names nobody: what looks like a user name hides the host from whoever reads it. */
const WEB_ADDRESS = /^https?:\/\/[^/?#\\@]+(?:[/?#]|$)/i;

/**
 * Whether pages of an origin are those of a client: scheme, host and port are those of an address that it registered. Regular expressions count
 * for nothing here: one that fits an address fits origins that nobody thought of.
 */
export function isOriginOf({ redirectUris }: Pick<OAuth2Client, 'redirectUris'>, origin: string): boolean {
  return redirectUris.some(({ kind, value }) => kind === 'exact' && originOf(value) === origin);
}

function originOf(address: string): string | undefined {
  return WEB_ADDRESS.test(address) ? URL.parse(address)?.origin : undefined;
}

/**
 * Lets the page that asks read the answer, refusals included, where it is one of the client's. Call it as soon as it is known which client is
 * asking: nothing is granted by it. The RPC has to say so (`origins: ORIGINS_BY_SERVICE`).
 */
export function welcomeOrigin(
  client: Pick<OAuth2Client, 'redirectUris'>,
  { headers, response }: Pick<Call, 'headers' | 'response'>,
): void {
  const { origin } = headers;
  if (origin === undefined || !isOriginOf(client, origin)) return;
  response.header('access-control-allow-origin', origin);
  response.header('access-control-allow-credentials', 'true');
  response.header('access-control-expose-headers', 'DPoP-Nonce, WWW-Authenticate');
}
