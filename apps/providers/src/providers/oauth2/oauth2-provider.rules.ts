import { durationError } from '@postern/durations';
import { invalidFields, type Violation } from '@postern/errors';
import type { providers } from '@postern/proto';
import { randomText } from '../../random/index.ts';
import { redirectUriError } from './redirect-uris.ts';

const DURATIONS = ['access_code_validity', 'access_token_validity', 'refresh_token_validity'] as const;

/** Throws field errors for what the rules of the proto cannot say. Only the fields that the mask names are looked at. */
export function checkOAuth2Provider(provider: providers.OAuth2Provider, mask: readonly string[] | undefined): void {
  const isMeant = (field: string) => mask?.includes(field) ?? true;
  const violations: Violation[] = [];
  for (const field of DURATIONS) {
    const error = isMeant(field) ? durationError(provider[field]) : undefined;
    if (error !== undefined) violations.push({ field, description: error, reason: 'DURATION_INVALID' });
  }
  const error = isMeant('redirect_uris') ? redirectUriError(provider.redirect_uris) : undefined;
  if (error !== undefined)
    violations.push({ field: 'redirect_uris', description: error, reason: 'REDIRECT_URI_INVALID' });
  // A new provider without one gets one; a stored one keeps it.
  if (mask?.includes('client_id') && provider.client_id === '')
    violations.push({ field: 'client_id', description: 'This field may not be blank.', reason: 'CLIENT_ID_BLANK' });
  if (violations.length > 0) throw invalidFields(violations);
}

/** A new provider with what nobody chose: a client id of 40 and a secret of 128 random characters. */
export function withCredentials(provider: providers.OAuth2Provider): providers.OAuth2Provider {
  return {
    ...provider,
    client_id: provider.client_id || randomText(40),
    client_secret: provider.client_secret || randomText(128),
  };
}
