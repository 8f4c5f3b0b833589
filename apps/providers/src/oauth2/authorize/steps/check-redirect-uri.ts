import type { OAuth2Client } from '../../../clients/index.ts';
import { matchesRedirectUri } from '../../../providers/index.ts';
import { oauth2Errors } from '../../oauth2.errors.ts';
import type { Parameters } from '../authorization.ts';

/**
 * RFC 6749, sections 3.1.2 and 3.1.2.4: the address is one of those registered and has no fragment. Until this has passed, every error is a page.
 * A provider without addresses takes none: the first one that comes along proves nothing.
 */
export function checkRedirectUri(
  { redirectUri }: Pick<Parameters, 'redirectUri'>,
  client: Pick<OAuth2Client, 'redirectUris'>,
): void {
  if (!isRegistered(redirectUri, client)) throw oauth2Errors.REDIRECT_URI_INVALID();
}

/** Whether answers of a client may go to an address. */
export function isRegistered(uri: string, { redirectUris }: Pick<OAuth2Client, 'redirectUris'>): boolean {
  return uri !== '' && !uri.includes('#') && matchesRedirectUri(redirectUris, uri);
}
