import { oauth2Errors } from '../oauth2.errors.ts';
import type { Clock } from '../ports.ts';
import { type ComposeDeps, compose } from './compose.ts';
import type { Gate } from './gate.ts';
import type { TokenIssuer, TokenOrder } from './order.ts';
import { createTokenStore, type TokenStoreDeps } from './store.ts';

export type TokenIssuerDeps = TokenStoreDeps & ComposeDeps & { readonly gate: Gate; readonly clock: Clock };

/** Creates the one function that issues tokens: gate, claims, signature, and one transaction for everything that is stored. */
export function createTokenIssuer(deps: TokenIssuerDeps): TokenIssuer {
  const { gate, clock } = deps;
  const store = createTokenStore(deps);
  return async (order, call) => {
    requireBinding(order);
    const { client, grant, scopes, grantType, policyContext } = order;
    const { tenant } = call.context;
    const context = { ...policyContext, oauth_scopes: scopes, oauth_grant_type: grantType };
    const answer = await gate({ tenant, client, user: grant.user, session: grant.session, context }, call);
    if (answer.kind === 'shut') throw oauth2Errors.INVALID_GRANT();
    const now = clock.now();
    const composed = await compose(order, answer.person, now, call, deps);
    if (!(await store(order, composed, now, call))) return undefined;
    const { accessToken, refreshToken, idToken, accessExpires } = composed;
    const expiresIn = Math.floor((accessExpires.getTime() - now.getTime()) / 1000);
    return { accessToken, tokenType: order.confirmation ? 'DPoP' : 'Bearer', refreshToken, idToken, expiresIn };
  };
}

/** A client whose tokens have to be bound to a key gets none that anybody may use: RFC 9449, section 5.2. */
function requireBinding({ client, tokens, confirmation }: TokenOrder): void {
  const isLoose = confirmation === undefined && tokens?.access !== false;
  if (isLoose && client.settings.dpopBoundAccessTokens) throw oauth2Errors.INVALID_GRANT();
}
