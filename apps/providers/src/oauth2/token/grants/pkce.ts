import { createHash } from 'node:crypto';
import { oauth2Errors } from '../../oauth2.errors.ts';
import { equalSecrets, type StoredCode } from '../../tokens/index.ts';

/**
 * RFC 7636, section 4.6: whoever redeems a code knows what its challenge was made of. A verifier for a code without a challenge is refused, too:
 * somebody stripped the challenge on its way (RFC 9700, section 2.1.1). Throws INVALID_REQUEST and INVALID_GRANT.
 */
export function checkVerifier(code: Pick<StoredCode, 'challenge' | 'challengeMethod'>, verifier: string): void {
  const { challenge, challengeMethod } = code;
  if (challenge === undefined && verifier !== '') throw oauth2Errors.INVALID_GRANT();
  if (challenge === undefined) return;
  if (verifier === '') throw oauth2Errors.INVALID_REQUEST();
  const made = challengeMethod === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  if (!equalSecrets(made, challenge)) throw oauth2Errors.INVALID_GRANT();
}
