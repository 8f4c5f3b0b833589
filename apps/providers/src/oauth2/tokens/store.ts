import { createGroupCommit, type Database, type EntityManager } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { tokenIssued } from '../oauth2.events.ts';
import type { PublishedKeys } from '../signing/index.ts';
import type { Composed } from './compose.ts';
import type { TokenOrder } from './order.ts';
import { hashOf } from './secret.hash.ts';
import { grantRow, type TokenRows } from './token.rows.ts';
import { storeTokens } from './token.writer.ts';

export type TokenStoreDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly publishedKeys: PublishedKeys;
};

/** Stores what was composed for an order. False when the claim was lost to somebody else: nothing is stored then. */
export type TokenStore = (order: TokenOrder, composed: Composed, issued: Date, call: Call) => Promise<boolean>;

type Ticket = { readonly rows: TokenRows; readonly facts: ReturnType<Outbox['seal']> };

/**
 * Creates the one place that stores tokens: one transaction for what is used up, the grant, the tokens and what is told of them. Those that are
 * stored at one moment share it; only an order with a claim of its own is alone.
 */
export function createTokenStore({ db, outbox, publishedKeys }: TokenStoreDeps): TokenStore {
  async function storeAll(em: EntityManager, tickets: readonly Ticket[]): Promise<boolean[]> {
    const verdicts = await storeTokens(
      em,
      tickets.map(({ rows }) => rows),
    );
    const facts = tickets.flatMap((ticket, at) => (verdicts[at] === true ? ticket.facts : []));
    await outbox.store(em, facts, true);
    return verdicts;
  }

  const together = createGroupCommit<Ticket, boolean>({
    write: (scope, tickets) => db.write(scope, (em) => storeAll(em, tickets)),
  });

  return async (order, composed, issued, call) => {
    const { client, claim } = order;
    const scope = { tenant: call.context.tenant };
    if (!publishedKeys.isRemembered(scope.tenant, client, issued))
      await db.write(scope, (em) => publishedKeys.remember(em, scope.tenant, client, issued));
    const ticket = { rows: rowsOf(order, composed, issued), facts: outbox.seal(eventContext(call), factsOf(order)) };
    if (!claim) return together(scope, ticket, call.signal);
    return db.write(scope, async (em) => (await claim(em, issued)) && (await storeAll(em, [ticket])).includes(true));
  };
}

function rowsOf(order: TokenOrder, composed: Composed, issued: Date): TokenRows {
  const { client, grant, isNewGrant, scopes, issuer, confirmation, uses } = order;
  const { accessToken, accessExpires, refreshToken, refreshExpires, subject, told } = composed;
  const token = { grant_pk: grant.pk, issued };
  const access = { scopes, expires: accessExpires, claims: told.access };
  // RFC 9449, section 5: who proves who they are need not be bound to a key as well.
  const jkt = client.clientType === 'public' ? confirmation?.jkt : undefined;
  const refresh = { issuer, subject, jkt, expires: refreshExpires, claims: told.identity };
  return {
    uses,
    issued,
    grant: isNewGrant === true ? grantRow(grant, issued) : undefined,
    access: accessToken === undefined ? undefined : { ...token, ...access, hash: hashOf(accessToken) },
    refresh: refreshToken === undefined ? undefined : { ...token, ...refresh, hash: hashOf(refreshToken) },
  };
}

function factsOf({ client, grant, grantType, scopes, facts = [] }: TokenOrder) {
  const isRefresh = grantType === 'refresh_token';
  return [tokenIssued(client, grant, { grantType, scopes, isRefresh }), ...facts];
}
