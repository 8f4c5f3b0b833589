import type { OAuth2Client } from '../../../clients/index.ts';
import { oauth2Errors } from '../../oauth2.errors.ts';
import type { Parameters } from '../authorization.ts';

/** RFC 6749, section 4.1.2.1: an unknown client is told to the person, never to an address that the request names. */
export async function findClient(
  { clientId }: Pick<Parameters, 'clientId'>,
  find: (clientId: string) => Promise<OAuth2Client | undefined>,
): Promise<OAuth2Client> {
  const client = clientId === '' ? undefined : await find(clientId);
  if (!client) throw oauth2Errors.CLIENT_ID_INVALID();
  return client;
}
