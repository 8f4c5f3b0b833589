import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import type { Authorization, PendingAuthorization } from './authorization.ts';
import { challengeMethodOf } from './steps/check-pkce.ts';

/** What is kept of an authorization while the person passes a flow. */
export function pendingOf(
  { parameters, client, visitor, scopes, started }: Authorization,
  subjects: readonly string[] | undefined,
  call: Call,
  issuerOf: (client: OAuth2Client, call: Call) => string,
): PendingAuthorization {
  const { responseType, mode, redirectUri, state, nonce, challenge, jkt, prompts, maxAge, resources, claims } =
    parameters;
  const { address, userAgent, host, path } = call.context.client;
  const challengeMethod = challenge === undefined ? undefined : challengeMethodOf(parameters);
  const idClaims = claims === undefined || claims === 'malformed' ? undefined : claims.idToken;
  return {
    ...{ responseType, mode, redirectUri, scopes, state, nonce, challenge, challengeMethod, jkt, prompts, maxAge },
    ...{ asked: parameters.scopes, resources, idClaims, subjects },
    session: visitor.session ?? '',
    issuer: issuerOf(client, call),
    started: started.toISOString(),
    from: { address, user_agent: userAgent, host, path },
  };
}
