import type { OAuth2Client } from '../../../clients/index.ts';
import { oauth2Errors } from '../../oauth2.errors.ts';

/** RFC 6749, section 4.1.2.1: an unknown client is told to the person, never to an address that the request names. */
export async function findClient(
  clientId: string,
  find: (clientId: string) => Promise<OAuth2Client | undefined>,
): Promise<OAuth2Client> {
  // What is longer, or holds a NUL, names nobody.
  const isName = clientId !== '' && clientId.length <= 255 && !clientId.includes('\0');
  const client = isName ? await find(clientId) : undefined;
  if (!client) throw oauth2Errors.CLIENT_ID_INVALID();
  return client;
}
