/**
 * Tokens that clients sign or present: assertions, proofs of possession, request objects, hints, access tokens. A token counts only when its real key
 * signed exactly what it says, and what it says is what the standard wants; that is worked out here apart from the product.
 */

import { randomUUID } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWK } from 'jose';
import { expect } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import type { Protocol } from '../conformance/browser.fixture.ts';
import { aKeyPair } from '../signing/certificate.fixture.ts';
import { type Claims, type Made, mutated, type Recipe } from './jwt.mutations.fixture.ts';
import { outcomeOf } from './outcome.fixture.ts';
import type { Dice } from './random.fixture.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ISSUER = 'https://id.example/application/o/signer/';
const HERE = 'https://id.example/application/o/';

/** One kind of token: how to make it, how to present it, and when it may count. */
type Kind = {
  readonly recipe: Recipe;
  /** Whether it was believed. */
  present(text: string): Promise<boolean>;
  /** Whether it may be believed, `used` being what was believed before. */
  mayCount(header: Claims, claims: Claims, used: Set<string>): boolean;
};

async function aRecipe(header: (jwk: JWK) => Claims, claims: () => Claims): Promise<Recipe & { readonly jwk: JWK }> {
  const [own, other] = await Promise.all([0, 1].map(() => generateKeyPair('ES256', { extractable: true })));
  if (!own || !other) throw new Error('no keys');
  const jwk = await exportJWK(own.publicKey);
  const publicBytes = new TextEncoder().encode(await exportSPKI(own.publicKey));
  return {
    alg: 'ES256',
    key: own.privateKey,
    stranger: other.privateKey,
    publicBytes,
    header: header(jwk),
    claims,
    jwk,
  };
}

/** Sends so many of them; says how many counted, of each kind. */
export async function fuzzTokens(protocol: Protocol, dice: Dice, cases: number): Promise<void> {
  const kinds = await kindsOf(protocol);
  const used = new Set<string>();
  const believed: Record<string, number> = {};
  const names = Object.keys(kinds);
  for (let at = 0; at < cases; at += 1) {
    const name = names[at % names.length] ?? '';
    const kind = kinds[name];
    if (!kind) continue;
    const made = await mutated(kind.recipe, dice);
    const isBelieved = await kind.present(made.text);
    if (!isBelieved) continue;
    believed[name] = (believed[name] ?? 0) + 1;
    if (!mayCount(kind, made, used))
      expect.fail(`the ${name} was believed: ${made.text} ${JSON.stringify(made.signed)}`);
  }
  const held = await heldTokens(protocol, dice, Math.ceil(cases / 4));
  expect(Object.keys({ ...believed, ...held }).toSorted()).toEqual([...names, 'access', 'hint'].toSorted());
  expect(protocol.world.reads).toEqual([]);
}

function mayCount({ mayCount: may }: Kind, { signed }: Made, used: Set<string>): boolean {
  return signed !== undefined && may(signed.header, signed.claims, used);
}

async function kindsOf(protocol: Protocol): Promise<Readonly<Record<string, Kind>>> {
  const { authorize, clock, exchange, signIn } = protocol;
  const now = () => Math.floor(clock.now().getTime() / 1000);
  const typed = (typ: string) => () => ({ typ, kid: 'k1' });
  const assertion = await aRecipe(typed('JWT'), () => ({
    iss: 'signer',
    sub: 'signer',
    aud: ISSUER,
    jti: randomUUID(),
    iat: now(),
    nbf: now(),
    exp: now() + 60,
  }));
  const request = await aRecipe(typed('oauth-authz-req+jwt'), () => ({
    ...{
      iss: 'asker',
      client_id: 'asker',
      aud: 'https://id.example/application/o/asker/',
      exp: now() + 60,
      nbf: now(),
    },
    ...{ iat: now(), response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', state: 's', nonce: 'n' },
  }));
  const proof = await aRecipe(
    (jwk) => ({ typ: 'dpop+jwt', jwk }),
    () => ({
      htm: 'GET',
      htu: HERE,
      iat: now(),
      jti: randomUUID(),
    }),
  );
  const signing = (jwk: JWK) => ({ jwks: { keys: [{ ...jwk, kid: 'k1', alg: 'ES256' }] } });
  await protocol.client('signer', {
    settings: { ...signing(assertion.jwk), tokenEndpointAuthMethod: 'private_key_jwt' },
  });
  await protocol.client('asker', { settings: signing(request.jwk) });
  await protocol.client('plain');
  const session = signIn();
  const reasonOf = async (work: Promise<unknown>, told: string) => {
    const outcome = await outcomeOf(work, () => told);
    return 'reason' in outcome ? outcome.reason : '';
  };
  /** A request that is refused in the end, and before that where the token is not believed. */
  const refreshing = { grant_type: 'refresh_token' };

  return {
    assertion: {
      recipe: assertion,
      async present(client_assertion) {
        const sent = { ...refreshing, client_id: 'signer', client_assertion_type: JWT_BEARER, client_assertion };
        return (await reasonOf(exchange(sent), client_assertion)) === 'INVALID_GRANT';
      },
      mayCount: (_header, claims, used) => isGoodAssertion(claims, now()) && isFirst('assertion', claims.jti, used),
    },
    proof: {
      recipe: proof,
      async present(dpop) {
        const sent = { ...refreshing, client_id: 'plain', client_secret: 'plain secret' };
        return (await reasonOf(exchange(sent, { headers: { dpop } }), dpop)) === 'INVALID_GRANT';
      },
      mayCount: ({ typ, jwk }, claims, used) =>
        typ === 'dpop+jwt' &&
        JSON.stringify(jwk) === JSON.stringify(proof.jwk) &&
        isGoodProof(claims, now()) &&
        isFirst('proof', claims.jti, used),
    },
    request: {
      recipe: request,
      async present(text) {
        const asked = {
          client_id: 'asker',
          response_type: 'code',
          redirect_uri: CALLBACK,
          scope: 'openid',
          request: text,
        };
        const outcome = await outcomeOf(authorize(asked, { session }), () => text);
        if ('reason' in outcome) return outcome.reason !== 'REQUEST_INVALID';
        return (
          !outcome.answer.includes('error=invalid_request_object') && !outcome.answer.includes('error=invalid_request&')
        );
      },
      mayCount: (header, claims) => isGoodRequest(header, claims, now()),
    },
  };
}

/** Tokens of ours that somebody changed: they count as they were given, or not at all. */
async function heldTokens(protocol: Protocol, dice: Dice, cases: number): Promise<Record<string, number>> {
  const { aCode, authorize, endpoint, origin, redeem, signIn } = protocol;
  await protocol.client('holder', { keys: aKeyPair('P-256') });
  const { id_token = '', access_token } = await redeem('holder', (await aCode('holder')).code);
  const session = signIn();
  const counts: Record<string, number> = {};
  for (let at = 0; at < cases; at += 1) {
    const name = dice.one(['access', 'hint'] as const);
    const own = name === 'access' ? access_token : id_token;
    const text = dice.chance(0.1) ? own : changedText(own, dice);
    const asked = {
      client_id: 'holder',
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
      prompt: 'none',
    };
    const work =
      name === 'access'
        ? endpoint.getUserInfo({}, origin({ headers: { authorization: `Bearer ${text}` } }))
        : authorize({ ...asked, id_token_hint: text }, { session });
    const outcome = await outcomeOf<unknown>(work, () => text);
    const isBelieved = 'answer' in outcome && !String(outcome.answer).includes('error=');
    if (!isBelieved) continue;
    counts[name] = (counts[name] ?? 0) + 1;
    if (!saysTheSame(text, own, name)) expect.fail(`the ${name} was believed: ${text}`);
  }
  return counts;
}

function changedText(text: string, { one, roll }: Dice): string {
  // Never at the beginning: without a hint, none is looked at.
  const at = 1 + Math.floor(roll() * (text.length - 1));
  const other = one(['A', 'B', '.', '-', '=', ' ', 'é'] as const);
  return one([
    `${text.slice(0, at)}${other}${text.slice(at + 1)}`,
    `${text.slice(0, at)}${other}${text.slice(at)}`,
    text.slice(0, at),
  ]);
}

/** An access token counts by its hash. The last letter of a signature has bits that say nothing, so that a hint may be written in several ways. */
function saysTheSame(text: string, own: string, name: 'access' | 'hint'): boolean {
  if (name === 'access') return text.trim() === own;
  const [one, other] = [text.split('.'), own.split('.')];
  const bytes = ([, , signature = '']: readonly string[]) => Buffer.from(signature, 'base64url').toString('hex');
  return one.length === 3 && one[0] === other[0] && one[1] === other[1] && bytes(one) === bytes(other);
}

function isFirst(kind: string, jti: unknown, used: Set<string>): boolean {
  const name = `${kind} ${String(jti)}`;
  const isNew = !used.has(name);
  used.add(name);
  return isNew;
}

const isText = (value: unknown, longest: number) =>
  typeof value === 'string' && value !== '' && value.length <= longest;
const isNoLater = (value: unknown, time: number) => value === undefined || (typeof value === 'number' && value <= time);

/** RFC 7523, section 3. */
function isGoodAssertion({ iss, sub, aud, jti, exp, iat, nbf }: Claims, now: number): boolean {
  const ours = [ISSUER, `${HERE}token/`, HERE];
  const names: unknown[] = [aud].flat();
  const isForUs = names.length > 0 && names.every((name) => ours.some((one) => one === name));
  const isInTime = typeof exp === 'number' && exp > now - 31 && exp <= now + 631;
  return (
    iss === 'signer' &&
    sub === 'signer' &&
    isForUs &&
    isInTime &&
    isText(jti, 512) &&
    isNoLater(iat, now + 31) &&
    isNoLater(nbf, now + 31)
  );
}

/** RFC 9449, section 4.3. */
function isGoodProof({ htm, htu, iat, jti }: Claims, now: number): boolean {
  return (
    htm === 'GET' && htu === HERE && typeof iat === 'number' && iat >= now - 61 && iat <= now + 11 && isText(jti, 256)
  );
}

/** RFC 9101, sections 4 and 6. */
function isGoodRequest({ typ }: Claims, { iss, client_id, aud, exp, nbf, iat, sub }: Claims, now: number): boolean {
  const names: unknown[] = [aud].flat();
  const isTyped = typ === undefined || typ === 'oauth-authz-req+jwt' || typ === 'JWT';
  const isForUs = names.includes('https://id.example/application/o/asker/');
  const isInTime =
    (exp === undefined || (typeof exp === 'number' && exp > now - 11)) &&
    isNoLater(nbf, now + 11) &&
    isNoLater(iat, now + 11);
  return isTyped && iss === 'asker' && client_id === 'asker' && sub === undefined && isForUs && isInTime;
}
