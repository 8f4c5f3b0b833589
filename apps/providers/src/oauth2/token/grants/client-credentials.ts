import type { providers } from '@postern/proto';
import { oauth2Errors } from '../../oauth2.errors.ts';
import type { GrantHandler } from '../grant.ts';
import { type ProgramProof, tokensFor } from './program.ts';

/**
 * RFC 6749, sections 4.3 and 4.4, which the contract makes one: a program shows who it is by the first of these proofs that it tries. Its own proof
 * stands for that of the client; whatever the client shows besides has to hold.
 *
 * @param proofs in the order that they are tried
 */
export function createRedeemClientCredentials(proofs: readonly ProgramProof[]): GrantHandler {
  return {
    ruleOf: (request) => ({
      allowsPublic: true,
      allowsUnproven: request.client_assertion_type !== '' || request.username !== '' || request.password !== '',
      assertionMayBeGrant: true,
    }),
    prepare: assertionInItsPlace,
    async redeem(ticket, call) {
      for (const proof of proofs) {
        const program = await proof(ticket, call);
        if (program && 'reported' in program) return { kind: 'reported', fact: program.reported };
        if (program) return tokensFor(ticket, program);
      }
      throw oauth2Errors.INVALID_GRANT();
    },
  };
}

/** Clients of the contract may send the assertion as the secret of the client. */
function assertionInItsPlace(request: providers.ExchangeTokenRequest): providers.ExchangeTokenRequest {
  const { client_assertion_type: type, client_assertion, client_secret } = request;
  const isElsewhere = type !== '' && client_assertion === '' && client_secret !== '';
  return isElsewhere ? { ...request, client_assertion: client_secret, client_secret: '' } : request;
}
