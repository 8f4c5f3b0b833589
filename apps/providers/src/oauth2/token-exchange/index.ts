/** Exchanging a token for another one: RFC 8693. A client that may do so gets, for a person whose token it holds, a token for an application behind it. */

import { newId } from '@postern/database';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import { grantedScopes } from '../authorize/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import {
  type FindClient,
  type GrantHandler,
  narrowedAudience,
  narrowedScopes,
  type TokenRequest,
} from '../token/index.ts';
import type { Claims, Gate, Grant } from '../tokens/index.ts';
import { OFFLINE_SCOPE } from '../vocabulary.ts';
import type { PresentedToken, ReadPresented } from './presented.ts';
import { TOKEN_TYPES } from './token-types.ts';

export { createReadPresented } from './presented.ts';
export { TOKEN_TYPES } from './token-types.ts';

export type TokenExchangeGrantDeps = {
  readonly readPresented: ReadPresented;
  readonly findClient: FindClient;
  readonly gate: Gate;
};

/**
 * Creates the grant. The new token says no more than the one that was presented: its scopes are among those, it ends no later, it ends with it, and nothing
 * refreshes it. Without a token of who acts, the client speaks as the person; with one, the token says who acts for whom, and who acted before.
 */
export function createRedeemTokenExchange(deps: TokenExchangeGrantDeps): GrantHandler {
  return {
    ruleOf: () => ({ allowsPublic: false }),
    async redeem(ticket, call) {
      const { request, client } = ticket;
      requireKnownTypes(request.requested_token_type);
      const subject = await presented('subject', ticket, call, deps);
      if (!subject) throw refused('subject_token', 'The token is missing.');
      requireItsKey(subject, ticket);
      const actor = await presented('actor', ticket, call, deps);
      const recipient = await recipientOf(ticket, call, deps);
      await requireWelcome(client, recipient, subject, call, deps);
      const scopes = narrowedScopes(request.scope, subject.scopes).filter((scope) => scope !== OFFLINE_SCOPE);
      return {
        kind: 'granted',
        grant: grantOf(subject.grant, recipient, scopes),
        isNewGrant: true,
        recipient,
        scopes: scopes.length === 0 ? [] : grantedScopes(recipient, scopes),
        tokens: { access: true, id: false, refresh: false },
        audience: audienceOf(ticket, recipient),
        authorizedParty: client.clientId,
        actor: actorOf(subject, actor),
        notAfter: subject.expires,
        issuedTokenType: TOKEN_TYPES.access,
      };
    },
  };
}

/** The token that a parameter holds; undefined where there is none. Throws INVALID_REQUEST for one that is not for this client, or worth nothing. */
async function presented(
  role: 'subject' | 'actor',
  { request, client }: TokenRequest,
  call: Call,
  { readPresented }: TokenExchangeGrantDeps,
): Promise<PresentedToken | undefined> {
  const isSubject = role === 'subject';
  const token = isSubject ? request.subject_token : request.actor_token;
  const type = isSubject ? request.subject_token_type : request.actor_token_type;
  if (token === '' && type === '') return undefined;
  const found = token === '' || type === '' ? undefined : await readPresented(token, type, client, call);
  // RFC 8693, section 2.2.2: whatever is wrong with them is an invalid request.
  if (!found) throw refused(`${role}_token`, 'The token is unknown, over, of another kind, or not for this client.');
  return found;
}

/** A token that is bound to a key of the client is exchanged by whoever proves to hold the key. */
function requireItsKey({ claims, grant }: PresentedToken, { client, proven }: TokenRequest): void {
  const { cnf } = claims;
  if (grant.provider !== client.pk || typeof cnf !== 'object' || cnf === null || !('jkt' in cnf)) return;
  if (cnf.jkt !== proven?.jkt) throw oauth2Errors.INVALID_DPOP_PROOF();
}

/** Whose token it becomes: that of the client itself, or of one that its settings name. Throws INVALID_TARGET. */
async function recipientOf(
  { request, client }: TokenRequest,
  call: Call,
  { findClient }: TokenExchangeGrantDeps,
): Promise<OAuth2Client> {
  const [name, ...others] = [...new Set(request.audience)].filter((each) => each !== '');
  if (name === undefined || (name === client.clientId && others.length === 0)) return client;
  if (others.length > 0 || !client.settings.exchangeAudiences.includes(name)) throw oauth2Errors.INVALID_TARGET();
  const recipient = await findClient(call.context.tenant, name);
  if (!recipient) throw oauth2Errors.INVALID_TARGET();
  return recipient;
}

/** The policies of the application that asks still let the person in: those of the recipient are asked when the token is issued. */
async function requireWelcome(
  client: OAuth2Client,
  recipient: OAuth2Client,
  { grant, scopes }: PresentedToken,
  call: Call,
  { gate }: TokenExchangeGrantDeps,
): Promise<void> {
  if (recipient.pk === client.pk) return;
  const { tenant } = call.context;
  const context = { oauth_scopes: scopes };
  const answer = await gate({ tenant, client, user: grant.user, session: grant.session, context }, call);
  if (answer.kind === 'shut') throw oauth2Errors.INVALID_GRANT();
}

function audienceOf({ request, client }: TokenRequest, recipient: OAuth2Client): readonly string[] | undefined {
  if (request.resource.length === 0) return undefined;
  const resources = narrowedAudience(request.resource, client.settings.resources) ?? [];
  return recipient.pk === client.pk ? resources : [recipient.clientId, ...resources];
}

/** RFC 8693, section 4.1: the one who acts now stands outermost, whoever acted before within. */
function actorOf({ claims }: PresentedToken, actor: PresentedToken | undefined): Claims | undefined {
  const before: unknown = claims.act;
  const chain = typeof before === 'object' && before !== null ? { ...before } : undefined;
  if (!actor) return chain;
  const { iss, sub } = actor.claims;
  return { iss, sub, ...(chain ? { act: chain } : {}) };
}

function grantOf(from: Grant, { pk: provider }: OAuth2Client, scopes: readonly string[]): Grant {
  const { user, session, authTime, amr } = from;
  const parent = from.parent ?? from.pk;
  return { pk: newId(), provider, user, session, scopes, authTime, amr, parent, isRevoked: false };
}

function requireKnownTypes(requested: string): void {
  if (requested === '' || requested === TOKEN_TYPES.access || requested === TOKEN_TYPES.jwt) return;
  throw refused('requested_token_type', 'Only access tokens are given for other tokens.');
}

function refused(field: string, description: string): Error {
  return oauth2Errors.INVALID_REQUEST({}, { violations: [{ field, description, reason: 'INVALID_REQUEST' }] });
}
