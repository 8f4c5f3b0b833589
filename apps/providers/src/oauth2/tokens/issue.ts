import type { Database, EntityManager } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import { type ClaimsEvaluator, subjectOf } from '../claims/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import { tokenIssued } from '../oauth2.events.ts';
import type { Clock, People, Random } from '../ports.ts';
import { type PublishedKeys, sign, signerOf } from '../signing/index.ts';
import { claimSet, halfHash } from './claim-set.ts';
import type { Gate } from './gate.ts';
import { hashOf } from './secret.hash.ts';
import type { Grant } from './stored-token.ts';
import { insertAccessToken, insertRefreshToken } from './token.repository.ts';

/** Tokens that a client asks for, with what entitles it to them. */
export type TokenOrder = {
  readonly client: OAuth2Client;
  readonly issuer: string;
  readonly grant: Grant;
  /** Scopes of the access token. */
  readonly scopes: readonly string[];
  readonly grantType: string;
  /** Whether a refresh token goes along: no refresh token comes out of a grant without a person. */
  readonly withRefreshToken: boolean;
  /** Uses up what entitles the client, in the transaction that stores the tokens. False stores nothing. */
  claim(em: EntityManager, now: Date): Promise<boolean>;
};

/** Tokens, as the client gets them; nothing else has them in clear. */
export type IssuedTokens = {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly idToken?: string;
  /** Seconds. */
  readonly expiresIn: number;
};

/** Issues every token. Undefined when the claim was lost to somebody else. Throws INVALID_GRANT when the gate is shut. */
export type TokenIssuer = (order: TokenOrder, call: Call) => Promise<IssuedTokens | undefined>;

export type TokenIssuerDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly gate: Gate;
  readonly claims: ClaimsEvaluator;
  readonly people: Pick<People, 'attributes'>;
  readonly publishedKeys: PublishedKeys;
  readonly random: Random;
  readonly clock: Clock;
};

/** Creates the one function that issues tokens: gate, claims, signature, and one transaction for everything that is stored. */
export function createTokenIssuer(deps: TokenIssuerDeps): TokenIssuer {
  const { db, outbox, gate, publishedKeys, random, clock } = deps;
  return async (order, call) => {
    const { client, grant, scopes, grantType, withRefreshToken } = order;
    const { tenant } = call.context;
    const context = { oauth_scopes: scopes, oauth_grant_type: grantType };
    const answer = await gate({ tenant, client, user: grant.user, session: grant.session, context }, call);
    if (answer.kind === 'shut') throw oauth2Errors.INVALID_GRANT();
    const now = clock.now();
    const { accessToken, idToken, subject, told, failed } = await compose(order, answer.person, now, call, deps);
    const refreshToken = withRefreshToken ? random.text(48) : undefined;
    const isStored = await db.write({ tenant }, async (em) => {
      if (!(await order.claim(em, now))) return false;
      const token = { grant: grant.pk, issued: now };
      const expires = after(now, client.accessTokenValidity);
      await insertAccessToken(em, { ...token, hash: hashOf(accessToken), scopes, expires, claims: told.access });
      if (refreshToken !== undefined) {
        const expires = after(now, client.refreshTokenValidity);
        const facts = { issuer: order.issuer, subject, claims: told.identity };
        await insertRefreshToken(em, { ...token, hash: hashOf(refreshToken), ...facts, expires });
      }
      await publishedKeys.remember(em, tenant, client, now);
      const isRefresh = grantType === 'refresh_token';
      const facts = [tokenIssued(client, grant, { grantType, scopes, isRefresh })];
      await outbox.record(em, eventContext(call), facts);
      return true;
    });
    return isStored ? { accessToken, refreshToken, idToken, expiresIn: client.accessTokenValidity } : undefined;
  };
}

/** Writes and signs the tokens. */
async function compose(
  { client, issuer, grant, scopes, withRefreshToken }: TokenOrder,
  person: Parameters<typeof subjectOf>[1],
  issued: Date,
  call: Call,
  { claims, people, random }: TokenIssuerDeps,
) {
  const signer = signerOf(client);
  const attributes = () => people.attributes(call.context.tenant, person.pk, call);
  const evaluated = await claims(client, scopes, { person, attributes }, call);
  const mapped = client.includeClaimsInIdToken ? evaluated.claims : {};
  const subject = subjectOf(client, person);
  const { clientId: audience } = client;
  const { authTime, amr, nonce, sid } = grant;
  const facts = { issuer, subject, audience, issued, authTime, amr };
  const access = { ...facts, expires: after(issued, client.accessTokenValidity) };
  const own = { azp: client.clientId, uid: random.text(30) };
  const accessClaims = claimSet(access, mapped);
  const accessToken = await sign({ ...accessClaims, ...own }, signer);
  // The id token lives as long as the longest-lived token beside it.
  const validity = withRefreshToken ? client.refreshTokenValidity : client.accessTokenValidity;
  const identity = { ...facts, expires: after(issued, validity), nonce, sid, atHash: halfHash(accessToken, signer) };
  const identityClaims = claimSet(identity, mapped);
  const idToken = scopes.includes('openid') ? await sign(identityClaims, signer) : undefined;
  // Kept beside the tokens, for whoever looks at them later.
  const told = { access: JSON.stringify(accessClaims), identity: JSON.stringify(identityClaims) };
  return { accessToken, idToken, subject, told, failed: evaluated.failed };
}

function after(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}
