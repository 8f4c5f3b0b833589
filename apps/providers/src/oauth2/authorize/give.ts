import type { Database, EntityManager } from '@postern/database';
import { newId } from '@postern/database';
import type { EventContext, Outbox } from '@postern/messaging';
import type { Call } from '@postern/rpc';
import { applicationAuthorized } from '../oauth2.events.ts';
import type { Clock, Random } from '../ports.ts';
import { type Grant, hashOf, insertCode, insertGrant, type SessionIds, type TokenIssuer } from '../tokens/index.ts';
import { OFFLINE_SCOPE, type ResponseKind, responseKind } from '../vocabulary.ts';
import { type Answer, issuedAnswer } from './answer.ts';
import type { PendingAuthorization } from './authorization.ts';
import type { Passed } from './passed.ts';
import { policyContext } from './steps/check-access.ts';

export type GiveDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly issue: TokenIssuer;
  readonly sessionIdOf: SessionIds;
  readonly random: Random;
  readonly clock: Clock;
};

/**
 * Gives the client what its response type stands for: a code of which only the hash is stored (RFC 6749, section 4.1.2), and tokens by the one function
 * that issues them. All of it hangs off one grant and is stored in one transaction, which uses the request up.
 */
export async function give(
  passed: Passed,
  from: EventContext,
  call: Call,
  deps: GiveDeps,
): Promise<Answer | undefined> {
  const { details, client } = passed;
  const kind = responseKind(details.responseType);
  if (!kind) return undefined;
  const grant = grantOf(passed, deps);
  const code = kind.issues.includes('code') ? deps.random.text(32) : undefined;
  const claim = async (em: EntityManager, now: Date) => {
    if (!(await passed.claim(em))) return false;
    await insertGrant(em, grant, now);
    if (code !== undefined) await insertCode(em, codeOf(code, grant, passed, now));
    await deps.outbox.record(em, from, applicationAuthorized(client, passed.signedIn.user, details.scopes));
    return true;
  };
  if (kind.grant === 'authorization_code') {
    const isGiven = await deps.db.write(call.context, (em) => claim(em, deps.clock.now()));
    return isGiven ? issuedAnswer(details, { code }) : undefined;
  }
  const tokens = await deps.issue({ ...orderOf(passed, kind, grant, code), claim }, call);
  if (!tokens) return undefined;
  const { accessToken, tokenType, idToken, expiresIn } = tokens;
  const token =
    accessToken === undefined ? undefined : { value: accessToken, type: tokenType, expiresIn, ...narrowed(details) };
  return issuedAnswer(details, { code, idToken, token });
}

function orderOf({ details, client }: Passed, { issues, grant: grantType }: ResponseKind, grant: Grant, code?: string) {
  const { issuer, scopes, resources = [] } = details;
  const parameters = { ...details, clientId: client.clientId, kind: responseKind(details.responseType), resources };
  const isAlone = !issues.includes('token') && !issues.includes('code');
  return {
    client,
    issuer,
    grant,
    scopes,
    grantType,
    tokens: { access: issues.includes('token'), id: issues.includes('id_token'), refresh: false },
    // OpenID Connect Core, section 5.4: a client that gets nothing to ask user info with gets the claims here.
    ...(isAlone ? { hasAllClaims: true } : {}),
    ...(code !== undefined && issues.includes('id_token') ? { codeForHash: code } : {}),
    ...(resources.length === 0 ? {} : { audience: resources }),
    policyContext: policyContext({ parameters, scopes }),
  };
}

/** What everything that is issued now hangs off. */
function grantOf({ details, client, signedIn }: Passed, { sessionIdOf }: GiveDeps): Grant {
  const { scopes, nonce, issuer, resources = [], idClaims } = details;
  const { user, impersonator, session, authTime, amr } = signedIn;
  // Nothing that somebody got as somebody else outlives their session.
  const isOffline = scopes.includes(OFFLINE_SCOPE) && impersonator === undefined;
  return {
    pk: newId(),
    provider: client.pk,
    user: user.pk,
    scopes,
    authTime,
    amr,
    nonce,
    givenIn: session,
    sid: sessionIdOf(session, client.pk),
    issuer,
    ...(isOffline ? {} : { session }),
    ...(resources.length === 0 ? {} : { resources }),
    ...(idClaims === undefined ? {} : { idClaims }),
    isRevoked: false,
  };
}

function codeOf(code: string, grant: Grant, { details, client }: Passed, now: Date) {
  const { redirectUri, challenge, challengeMethod, jkt } = details;
  const expires = new Date(now.getTime() + client.accessCodeValidity * 1000);
  return { hash: hashOf(code), grant: grant.pk, issued: now, expires, redirectUri, challenge, challengeMethod, jkt };
}

/** RFC 6749, section 4.2.2: the scopes are named where they are not those that were asked for. */
function narrowed({ scopes, asked = [] }: PendingAuthorization): { scope?: string } {
  const isSame = asked.length === scopes.length && asked.every((scope) => scopes.includes(scope));
  return isSame ? {} : { scope: scopes.join(' ') };
}
