import { createHash } from 'node:crypto';
import { isFapiClient } from '../../../client-settings/index.ts';
import type { OAuth2Client } from '../../../clients/index.ts';
import { oauth2Errors } from '../../oauth2.errors.ts';
import { equalSecrets, type StoredCode } from '../../tokens/index.ts';

/**
 * RFC 7636, section 4.6: whoever redeems a code knows what its challenge was made of. A verifier for a code without a challenge is refused, too:
 * somebody stripped the challenge on its way (RFC 9700, section 2.1.1). A client that needs a challenge, as every public one does, redeems no code
 * without one, whoever let it out. A missing verifier is an invalid request to clients of the contract, and an invalid grant in FAPI 2.0.
 * Throws INVALID_REQUEST and INVALID_GRANT.
 */
export function checkVerifier(
  { clientType, settings }: Pick<OAuth2Client, 'clientType' | 'settings'>,
  code: Pick<StoredCode, 'challenge' | 'challengeMethod'>,
  verifier: string,
): void {
  const { challenge, challengeMethod } = code;
  if (challenge === undefined && verifier !== '') throw oauth2Errors.INVALID_GRANT();
  const isFapi = isFapiClient(settings);
  const isNeeded = clientType === 'public' || settings.requirePkce || isFapi;
  if (challenge === undefined && isNeeded) throw oauth2Errors.INVALID_GRANT();
  if (challenge === undefined) return;
  if (verifier === '') throw isFapi ? oauth2Errors.INVALID_GRANT() : oauth2Errors.INVALID_REQUEST();
  const made = challengeMethod === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  if (!equalSecrets(made, challenge)) throw oauth2Errors.INVALID_GRANT();
}
