import { PosternError } from '@postern/errors';
import type { providers } from '@postern/proto';
import { exportJWK, generateKeyPair } from 'jose';
import { expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { aProtocol, PKCE } from '../protocol.fixture.ts';

const CASES = 1_500;

const protocol = await aProtocol();
const { endpoint, origin, signIn, withHead, world } = protocol;
const keys = await generateKeyPair('ES256', { extractable: true });
const jwks = { keys: [await exportJWK(keys.publicKey)] };
const redirectUris = `${CALLBACK} ^https://[a-z]+\\.example/(cb)* http://127.0.0.1/cb com.example:/cb`;
await protocol.client('web', { redirectUris });
await protocol.client('app', { redirectUris, clientType: 'public', settings: { jwks, requirePkce: true } });

/** A small generator of pseudo-random numbers (mulberry32), so that a failure can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ODD = [
  '',
  ' ',
  '\0',
  '\ud800',
  '%00',
  '💥',
  '__proto__',
  '"><script>',
  "' or 1=1",
  '-1',
  '1e400',
  'x'.repeat(5_000),
  'null',
];
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const JWTS = [
  `${part({ alg: 'none' })}.${part({ iss: 'app', client_id: 'app' })}.`,
  `${part({ alg: 'ES256' })}.${part({})}.AAAA`,
  `${part({ alg: 'HS256', crit: ['x'] })}.x.y`,
  `${part(null)}..`,
  '..',
  '....',
];
/** What is tried for each parameter, besides what is odd for all. */
const TRIED: Readonly<Record<string, readonly string[]>> = {
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
  ],
  acr_values: ['gold'],
  request: JWTS,
  request_uri: ['https://evil.test/r', 'urn:ietf:params:oauth:request_uri:x', 'urn:ietf:params:oauth:request_uri:'],
  dpop_jkt: ['x'.repeat(43)],
};

function aRequest(random: () => number): Partial<providers.AuthorizeRequest> {
  const one = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)];
  const entries = Object.entries(TRIED).flatMap(([name, values]): [string, string][] => {
    const usual = ['response_type', 'client_id', 'redirect_uri', 'scope'].includes(name);
    if (random() > (usual ? 0.95 : 0.2)) return [];
    const value = random() < 0.1 ? one(ODD) : usual && random() < 0.6 ? values[0] : one(values);
    return [[name, value ?? '']];
  });
  return { ...Object.fromEntries(entries), ...(random() < 0.1 ? { resource: [one(ODD) ?? ''] } : {}) };
}

/** Where an answer may lead: to us, or to an address that is registered. */
const ALLOWED = [
  /^\/(if\/flow|application\/o\/authorize)\//,
  /^https:\/\/[a-z]+\.example\/(cb)*[?#]/,
  /^http:\/\/127\.0\.0\.1(:\d+)?\/cb[?#]/,
  /^com\.example:\/cb[?#]/,
];

it('answers whatever is sent with a page, a way of ours or a registered address, and never breaks', async () => {
  const random = createRandom(20_261_122);
  const session = signIn();
  for (let at = 0; at < CASES; at += 1) {
    const request = aRequest(random);
    const from = random() < 0.5 ? { session } : {};
    const query = new URLSearchParams(
      Object.entries(request).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const way = random() < 0.15 ? 'authorizeByForm' : 'authorize';
    const visit = withHead((onHead) =>
      endpoint[way](request, origin({ ...from, query: query.toString() }), { onHead }),
    );
    const told = JSON.stringify(request);
    const { location, answer } = await visit.catch((error: unknown) => {
      expect(error, told).toBeInstanceOf(PosternError);
      const code = error instanceof PosternError ? error.code : '';
      expect(['INVALID_ARGUMENT', 'NOT_FOUND'], told).toContain(code);
      return { location: undefined, answer: undefined };
    });
    if (location !== undefined) {
      expect(location, told).toMatch(/^[\x21-\x7e]+$/);
      expect(
        ALLOWED.some((allowed) => allowed.test(location)),
        `${told} led to ${location}`,
      ).toBe(true);
    } else if (answer) expect(Buffer.from(answer.data).toString(), told).not.toContain('<script>');
  }
  expect(world.reads).toEqual([]);
}, 120_000);
