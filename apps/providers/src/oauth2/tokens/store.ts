import type { Database, EntityManager } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { tokenIssued } from '../oauth2.events.ts';
import type { PublishedKeys } from '../signing/index.ts';
import type { Composed } from './compose.ts';
import type { TokenOrder } from './order.ts';
import { hashOf } from './secret.hash.ts';
import { insertAccessToken, insertGrant, insertRefreshToken } from './token.repository.ts';

export type TokenStoreDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly publishedKeys: PublishedKeys;
};

/** Stores what was composed for an order. False when the claim was lost to somebody else: nothing is stored then. */
export type TokenStore = (order: TokenOrder, composed: Composed, issued: Date, call: Call) => Promise<boolean>;

/** Creates the one place that stores tokens: one transaction for the claim, the grant, the tokens and what is told of them. */
export function createTokenStore({ db, outbox, publishedKeys }: TokenStoreDeps): TokenStore {
  return (order, composed, issued, call) =>
    db.write({ tenant: call.context.tenant }, async (em) => {
      if (order.claim && !(await order.claim(em, issued))) return false;
      if (order.isNewGrant === true) await insertGrant(em, order.grant, issued);
      await insertTokens(em, order, composed, issued);
      await publishedKeys.remember(em, call.context.tenant, order.client, issued);
      await outbox.record(em, eventContext(call), factsOf(order));
      return true;
    });
}

async function insertTokens(
  em: EntityManager,
  { client, grant, scopes, issuer, confirmation }: TokenOrder,
  { accessToken, accessExpires, refreshToken, refreshExpires, subject, told }: Composed,
  issued: Date,
): Promise<void> {
  const token = { grant: grant.pk, issued };
  if (accessToken !== undefined) {
    const kept = { ...token, hash: hashOf(accessToken), scopes, expires: accessExpires, claims: told.access };
    await insertAccessToken(em, kept);
  }
  if (refreshToken === undefined) return;
  // RFC 9449, section 5: who proves who they are need not be bound to a key as well.
  const jkt = client.clientType === 'public' ? confirmation?.jkt : undefined;
  const facts = { issuer, subject, jkt, claims: told.identity };
  await insertRefreshToken(em, { ...token, hash: hashOf(refreshToken), expires: refreshExpires, ...facts });
}

function factsOf({ client, grant, grantType, scopes, facts = [] }: TokenOrder) {
  const isRefresh = grantType === 'refresh_token';
  return [tokenIssued(client, grant, { grantType, scopes, isRefresh }), ...facts];
}
