/**
 * Authorization requests that nobody should send. Whatever is sent is answered with a page, a way of ours or a registered address, and no foreign
 * server is called.
 */

import { providers } from '@postern/proto';
import { exportJWK, generateKeyPair } from 'jose';
import { expect } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import type { Protocol } from '../conformance/browser.fixture.ts';
import { PKCE } from '../protocol.fixture.ts';
import { outcomeOf } from './outcome.fixture.ts';
import { type Dice, ODD } from './random.fixture.ts';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const JWTS = [
  `${part({ alg: 'none' })}.${part({ iss: 'app', client_id: 'app' })}.`,
  `${part({ alg: 'ES256' })}.${part({})}.AAAA`,
  `${part({ alg: 'HS256', crit: ['x'] })}.x.y`,
  `${part(null)}..`,
  '..',
  '....',
] as const;

type Words = readonly [string, ...string[]];

/** What is tried for each parameter, besides what is odd for all. */
const TRIED: Readonly<Record<string, Words>> = {
  response_type: ['code', 'id_token', 'token code', 'code id_token token', 'code code', 'token'],
  client_id: ['web', 'app', 'WEB'],
  redirect_uri: [
    CALLBACK,
    'https://a.example/cb',
    'https://a.example/cb@evil.test/',
    'https://a.example\\@evil.test/cb',
    'https://evil.test/',
    '//evil.test/',
    'javascript:alert(1)//https://a.example/cb',
    'data:text/html,x',
    'http://127.0.0.1:8080/cb',
    'http://127.0.0.1:80@evil.test/cb',
    'com.example:/cb',
  ],
  scope: ['openid', 'openid email profile offline_access', 'openid  openid'],
  state: ['s', '&error=x', '#', '\r\nlocation: https://evil.test/'],
  nonce: ['n'],
  response_mode: ['query', 'fragment', 'form_post', 'web_message'],
  code_challenge: [PKCE.challenge.code_challenge, 'short'],
  code_challenge_method: ['S256', 'plain', 's256'],
  prompt: ['none', 'login', 'consent', 'select_account', 'none login', 'create'],
  max_age: ['0', '60', '999999999999'],
  login_hint: ['ada'],
  id_token_hint: JWTS,
  ui_locales: ['de en', '../..'],
  claims: [
    '{}',
    '[]',
    '{"id_token":{"sub":{"value":"x"}}}',
    '{"id_token":{"__proto__":null}}',
    '{"userinfo":{"a":"\\u0000"}}',
    `${'{"id_token":'.repeat(200)}1${'}'.repeat(200)}`,
  ],
  acr_values: ['gold'],
  request: JWTS,
  request_uri: ['https://evil.test/r', 'urn:ietf:params:oauth:request_uri:x', 'urn:ietf:params:oauth:request_uri:'],
  dpop_jkt: ['x'.repeat(43)],
};

const USUAL = ['response_type', 'client_id', 'redirect_uri', 'scope'];

function aRequest({ one, chance }: Dice): Partial<providers.AuthorizeRequest> {
  const entries = Object.entries(TRIED).flatMap(([name, values]): [string, string][] => {
    const usual = USUAL.includes(name);
    if (!chance(usual ? 0.95 : 0.2)) return [];
    return [[name, chance(0.1) ? one(ODD) : usual && chance(0.6) ? values[0] : one(values)]];
  });
  return { ...Object.fromEntries(entries), ...(chance(0.1) ? { resource: [one(ODD)] } : {}) };
}

/** Where an answer may lead: to us, or to an address that is registered. */
const ALLOWED = [
  /^\/(if\/flow|application\/o\/authorize)\//,
  /^https:\/\/[a-z]+\.example\/(cb)*[?#]/,
  /^http:\/\/127\.0\.0\.1(:\d+)?\/cb[?#]/,
  /^com\.example:\/cb[?#]/,
];

/** Sends so many of them. */
export async function fuzzAuthorize(protocol: Protocol, dice: Dice, cases: number): Promise<void> {
  const { endpoint, origin, signIn, withHead, world } = protocol;
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [await exportJWK(publicKey)] };
  const redirectUris = `${CALLBACK} ^https://[a-z]+\\.example/(cb)* http://127.0.0.1/cb com.example:/cb`;
  await protocol.client('web', { redirectUris });
  await protocol.client('app', { redirectUris, clientType: 'public', settings: { jwks, requirePkce: true } });
  const session = signIn();
  const seen = { page: 0, away: 0, refused: 0 };
  for (let at = 0; at < cases; at += 1) {
    const request = aRequest(dice);
    const told = () => JSON.stringify(request);
    const texts = Object.entries(request).map(([name, value]): [string, string] => [name, String(value)]);
    const from = { query: new URLSearchParams(texts).toString(), ...(dice.chance(0.5) ? { session } : {}) };
    const way = dice.chance(0.15) ? 'authorizeByForm' : 'authorize';
    const sent = providers.AuthorizeRequest.fromPartial(request);
    const visit = withHead((onHead) => endpoint[way](sent, origin(from), { onHead }));
    const outcome = await outcomeOf(visit, told);
    if ('reason' in outcome) seen.refused += 1;
    else if (outcome.answer.location === undefined) {
      seen.page += 1;
      expect(Buffer.from(outcome.answer.answer.data).toString(), told()).not.toContain('<script>');
    } else {
      seen.away += 1;
      leadsHome(outcome.answer.location, told);
    }
  }
  expect(world.reads).toEqual([]);
  // Cases of one kind only would show nothing.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
}

function leadsHome(location: string, told: () => string): void {
  if (!/^[\x21-\x7e]+$/.test(location) || !ALLOWED.some((allowed) => allowed.test(location)))
    expect.fail(`${told()} led to ${location}`);
}
