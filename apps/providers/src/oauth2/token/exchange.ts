import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { providers } from '@postern/proto';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import type { GrantType } from '../../client-settings/index.ts';
import type { OAuth2Client } from '../../clients/index.ts';
import { type ProvenKey, requireSignedWell } from '../dpop/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { welcomeOrigin } from '../origins/index.ts';
import type { Clock, People } from '../ports.ts';
import { type IssuedTokens, revokeGrant, type TokenIssuer } from '../tokens/index.ts';
import type { ClientAuthenticator, FindClient } from './client.authentication.ts';
import type { GrantHandler, Redemption } from './grant.ts';

/** Redeems a grant for tokens: RFC 6749, section 3.2. */
export type TokenExchange = (
  request: providers.ExchangeTokenRequest,
  call: Call,
) => Promise<providers.ExchangeTokenResponse>;

/** The grants that are served, by the names that requests and settings use. */
export type GrantHandlers = ReadonlyMap<GrantType, GrantHandler>;

export type TokenExchangeDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly grants: GrantHandlers;
  readonly findClient: FindClient;
  readonly authenticate: ClientAuthenticator;
  readonly provenKey: ProvenKey;
  readonly people: Pick<People, 'find'>;
  readonly issue: TokenIssuer;
  readonly issuerOf: (client: OAuth2Client, call: Call) => string;
  readonly clock: Clock;
};

/** Creates the token endpoint: the client, its key, the grant, and then what is the same for all of them. */
export function createTokenExchange(deps: TokenExchangeDeps): TokenExchange {
  const { authenticate, provenKey, issue, issuerOf, clock } = deps;
  return async (received, call) => {
    call.response.header('cache-control', 'no-store');
    call.response.header('pragma', 'no-cache');
    const found = handlerOf(received.grant_type, deps.grants);
    if (!found) return refuseGrant(received, call, deps);
    const [grantType, handler] = found;
    const request = handler.prepare?.(received) ?? received;
    const rule = { ...(handler.ruleOf?.(request) ?? { allowsPublic: true }), plainStatus: 400 };
    const client = await authenticate(request, rule, call);
    // RFC 6749, section 5.2: whoever it is, this is not for them.
    if (!client.settings.grantTypes.includes(grantType)) throw oauth2Errors.UNAUTHORIZED_CLIENT();
    const proven = await provenKey(call);
    if (client.settings.dpopBoundAccessTokens && !proven) throw oauth2Errors.INVALID_DPOP_PROOF();
    requireSignedWell(client.settings, proven);
    const redemption = await handler.redeem({ request, client, proven, now: clock.now() }, call);
    if (redemption.kind !== 'granted') return refuse(redemption, call, deps);
    const { kind: _kind, recipient = client, reused, issuedTokenType, ...details } = redemption;
    const issuer = issuerOf(recipient, call);
    // Nobody gets what they may not redeem.
    const refresh = details.tokens?.refresh === true && recipient.settings.grantTypes.includes('refresh_token');
    const bound = proven ? { confirmation: proven } : {};
    const order = {
      ...details,
      tokens: { ...details.tokens, refresh },
      client: recipient,
      issuer,
      grantType,
      ...bound,
    };
    const tokens = await issue(order, call);
    if (!tokens) return refuse(lost(redemption.grant, reused), call, deps);
    return { ...answerOf(tokens, details.scopes), issued_token_type: issuedTokenType };
  };
}

function handlerOf(name: string, grants: GrantHandlers): readonly [GrantType, GrantHandler] | undefined {
  return [...grants].find(([grantType]) => grantType === name);
}

function answerOf(tokens: IssuedTokens, scopes: readonly string[]): providers.ExchangeTokenResponse {
  const { accessToken = '', tokenType, refreshToken, idToken, expiresIn } = tokens;
  return {
    access_token: accessToken,
    token_type: tokenType,
    expires_in: expiresIn,
    refresh_token: refreshToken,
    id_token: idToken,
    scope: scopes.join(' '),
    issued_token_type: undefined,
  };
}

/** Throws INVALID_REQUEST and UNSUPPORTED_GRANT_TYPE. */
async function refuseGrant(
  { grant_type, client_id }: providers.ExchangeTokenRequest,
  call: Call,
  { findClient }: TokenExchangeDeps,
): Promise<never> {
  const named = client_id === '' ? undefined : await findClient(call.context.tenant, client_id);
  if (named) welcomeOrigin(named, call);
  throw grant_type === '' ? oauth2Errors.INVALID_REQUEST() : oauth2Errors.UNSUPPORTED_GRANT_TYPE();
}

type Refused = Exclude<Redemption, { kind: 'granted' }>;

/** Somebody else was faster with what works once. */
function lost(
  grant: Extract<Refused, { kind: 'reused' }>['grant'],
  reused: Extract<Refused, { kind: 'reused' }>['reused'] | undefined,
): Refused {
  if (!reused) throw oauth2Errors.INVALID_GRANT();
  return { kind: 'reused', grant, reused };
}

/** A family ends, whoever it belongs to. */
const unknown = () => undefined;

/** Revokes and reports what has to be, then refuses. */
async function refuse(redemption: Refused, call: Call, deps: TokenExchangeDeps): Promise<never> {
  const { db, outbox, people, clock } = deps;
  const fact =
    redemption.kind === 'reused'
      ? redemption.reused(await people.find(call.context.tenant, redemption.grant.user, call).catch(unknown))
      : redemption.fact;
  await db.write(call.context, async (em) => {
    if (redemption.kind === 'reused') await revokeGrant(em, redemption.grant.pk, clock.now());
    await outbox.record(em, eventContext(call), fact);
  });
  throw oauth2Errors.INVALID_GRANT();
}
