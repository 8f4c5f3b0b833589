import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { providers } from '@postern/proto';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { Clock } from '../ports.ts';
import { revokeGrant, type TokenIssuer } from '../tokens/index.ts';
import type { GrantType } from '../vocabulary.ts';
import type { ClientAuthenticator } from './client.authentication.ts';
import type { GrantHandler, Redemption } from './grant.ts';
import { redeemCode } from './grants/authorization-code.ts';
import { redeemRefreshToken } from './grants/refresh-token.ts';

/** Redeems a grant for tokens: RFC 6749, section 3.2. */
export type TokenExchange = (
  request: providers.ExchangeTokenRequest,
  call: Call,
) => Promise<providers.ExchangeTokenResponse>;

export type TokenExchangeDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly authenticate: ClientAuthenticator;
  readonly issue: TokenIssuer;
  readonly issuerOf: (client: OAuth2Client, call: Call) => string;
  readonly clock: Clock;
};

/** Every grant that is served. */
const GRANTS: Readonly<Record<GrantType, GrantHandler>> = {
  authorization_code: redeemCode,
  refresh_token: redeemRefreshToken,
};

/** Creates the token endpoint: the client, the grant, and then what is the same for all of them. */
export function createTokenExchange(deps: TokenExchangeDeps): TokenExchange {
  const { db, authenticate, issue, issuerOf, clock } = deps;
  return async (request, call) => {
    call.response.header('cache-control', 'no-store');
    call.response.header('pragma', 'no-cache');
    const handler = handlerOf(request.grant_type);
    const client = await authenticate(request, { allowsPublic: true, plainStatus: 400 }, call);
    const redemption = await db.read(call.context, (em) => handler({ request, client, now: clock.now() }, em));
    if (redemption.kind !== 'granted') return refuse(redemption, call, deps);
    const { grant, isNewGrant, scopes, withRefreshToken, claim } = redemption;
    const issuer = issuerOf(client, call);
    const order = {
      client,
      issuer,
      grant,
      isNewGrant,
      scopes,
      grantType: request.grant_type,
      tokens: { refresh: withRefreshToken },
      claim,
    };
    const tokens = await issue(order, call);
    if (!tokens) return refuse({ ...redemption, kind: 'reused' }, call, deps);
    const { accessToken = '', refreshToken, idToken, expiresIn } = tokens;
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: Math.floor(expiresIn),
      refresh_token: refreshToken,
      id_token: idToken,
      scope: scopes.join(' '),
    };
  };
}

/** Throws INVALID_REQUEST and UNSUPPORTED_GRANT_TYPE. */
function handlerOf(grantType: string): GrantHandler {
  if (grantType === '') throw oauth2Errors.INVALID_REQUEST();
  const handler = new Map<string, GrantHandler>(Object.entries(GRANTS)).get(grantType);
  if (!handler) throw oauth2Errors.UNSUPPORTED_GRANT_TYPE();
  return handler;
}

/** Revokes and reports what has to be, then refuses. */
async function refuse(
  redemption: Exclude<Redemption, { kind: 'granted' }>,
  call: Call,
  { db, outbox, clock }: TokenExchangeDeps,
): Promise<never> {
  if (redemption.kind === 'declined') throw await db.write(call.context, (em) => redemption.decline(em, clock.now()));
  await db.write(call.context, async (em) => {
    if (redemption.kind === 'reused') await revokeGrant(em, redemption.grant.pk, clock.now());
    const fact = redemption.kind === 'reused' ? redemption.reused : redemption.fact;
    await outbox.record(em, eventContext(call), fact);
  });
  throw oauth2Errors.INVALID_GRANT();
}
