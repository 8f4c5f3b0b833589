import type { directory } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { type ClaimsEvaluator, selectClaims, subjectOf, withoutReserved } from '../claims/index.ts';
import type { People, Random } from '../ports.ts';
import { type Signer, sign, signerOf } from '../signing/index.ts';
import { claimSet, halfHash } from './claim-set.ts';
import type { Claims, TokenOrder } from './order.ts';

/** Tokens as they go to the client, and what is kept of them. */
export type Composed = {
  readonly accessToken?: string;
  readonly idToken?: string;
  readonly refreshToken?: string;
  readonly subject: string;
  /** When the access token ends. */
  readonly accessExpires: Date;
  readonly refreshExpires: Date;
  /** Their claims, kept beside them for whoever looks at them later; JSON. */
  readonly told: { readonly access: string; readonly identity?: string };
};

export type ComposeDeps = {
  readonly claims: ClaimsEvaluator;
  readonly people: Pick<People, 'attributes'>;
  readonly random: Random;
};

/** Writes and signs the tokens of an order. */
export async function compose(
  order: TokenOrder,
  person: directory.User,
  issued: Date,
  call: Call,
  { claims, people, random }: ComposeDeps,
): Promise<Composed> {
  const { client, scopes, grant, tokens = {}, notAfter } = order;
  const signer = signerOf(client);
  const attributes = () => people.attributes(call.context.tenant, person.pk, call);
  const evaluated = await claims(client, scopes, { person, attributes }, call);
  const mapped = client.includeClaimsInIdToken ? evaluated.claims : {};
  const expires = earlier(after(issued, client.accessTokenValidity), notAfter);
  const refreshExpires = after(issued, client.refreshTokenValidity);
  const subject = subjectOf(client, person);
  const { authTime, amr } = grant;
  const facts = { issuer: order.issuer, subject, audience: client.clientId, issued, expires, authTime, amr };
  const access = claimSet({ ...facts, audience: audienceOf(order) }, mapped);
  const accessToken = tokens.access === false ? undefined : await sign({ ...access, ...ownOf(order, random) }, signer);
  // The id token lives as long as the longest-lived token beside it.
  const lasting = { ...facts, expires: tokens.refresh === true ? refreshExpires : expires };
  const isIdentified = tokens.id !== false && scopes.includes('openid');
  const identify = () =>
    claimSet({ ...lasting, ...linksOf(order, accessToken, signer) }, besides(order, evaluated.claims));
  const identity = isIdentified || tokens.refresh === true ? identify() : undefined;
  return {
    accessToken,
    idToken: isIdentified && identity ? await sign(identity, signer) : undefined,
    refreshToken: tokens.refresh === true ? random.text(48) : undefined,
    subject,
    accessExpires: expires,
    refreshExpires,
    told: { access: JSON.stringify(access), identity: identity && JSON.stringify(identity) },
  };
}

/** One audience is a text, several are a list: RFC 7519, section 4.1.3. */
function audienceOf({ client, audience = [] }: TokenOrder): string | string[] {
  const [first = client.clientId, ...rest] = audience;
  return rest.length === 0 ? first : [first, ...rest];
}

/** What only access tokens carry. */
function ownOf({ client, authorizedParty, confirmation, actor }: TokenOrder, random: Random): Claims {
  const bound = confirmation && { cnf: { jkt: confirmation.jkt } };
  return { azp: authorizedParty ?? client.clientId, uid: random.text(30), ...bound, ...(actor && { act: actor }) };
}

/** What ties an id token to the request, to the session and to what travels beside it. */
function linksOf({ grant, codeForHash }: TokenOrder, accessToken: string | undefined, signer: Signer) {
  const { nonce, sid } = grant;
  const cHash = codeForHash === undefined ? undefined : halfHash(codeForHash, signer);
  const atHash = accessToken === undefined ? undefined : halfHash(accessToken, signer);
  return { cHash, nonce, atHash, sid };
}

/** What an id token says of the person: everything, or what the client asked for by name (OpenID Connect Core, section 5.5). */
function besides({ client, grant, extraClaims, hasAllClaims }: TokenOrder, claims: Claims): Claims {
  const isAll = client.includeClaimsInIdToken || hasAllClaims === true;
  const mapped = isAll ? claims : selectClaims(claims, grant.idClaims);
  return extraClaims === undefined ? mapped : { ...mapped, ...withoutReserved(extraClaims) };
}

function after(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}

function earlier(date: Date, bound: Date | undefined): Date {
  return bound !== undefined && bound < date ? bound : date;
}
