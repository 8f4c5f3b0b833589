import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aGateway, type TestGateway } from '../testing/gateway.builder.ts';

const PAGE = 'https://page.example';
const TRUSTED = 'https://app.example.com';
const TOKEN = '/conformance/token/';
const ALL = '/api/v3/conformance/widgets/3f2504e0-4f89-41d3-9a0c-0305e82c3301/all/';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await aGateway({ POSTERN_CORS__ORIGINS: TRUSTED });
});
afterAll(() => gateway.close());

const ask = (url: string, headers: Record<string, string>) => gateway.inject({ method: 'OPTIONS', url, headers });
const post = (wish: string, headers: Record<string, string>) =>
  gateway.inject({
    method: 'POST',
    url: TOKEN,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: `wish=${wish}`,
  });
const allowed = ({ headers }: { headers: object }) => new Map(Object.entries(headers)).get(ALLOWED);
const ALLOWED = 'access-control-allow-origin';
const COOKIES = 'access-control-allow-credentials';

describe('an operation that says nothing about origins', () => {
  it('lets no page of another origin ask', async () => {
    const answer = await ask('/api/v3/conformance/widgets/', { origin: PAGE, 'access-control-request-method': 'POST' });
    expect([allowed(answer), answer.headers['access-control-allow-headers']]).toEqual([undefined, undefined]);
  });

  it('does not tell its service the origin', async () => {
    const answer = await gateway.inject({ url: '/api/v3/conformance/head/?wish=origin', headers: { origin: PAGE } });
    expect(allowed(answer)).toBe('none');
  });
});

describe('an operation whose service decides', () => {
  it('lets every origin ask, with the headers that it wants to send', async () => {
    const answer = await ask(TOKEN, { origin: PAGE, 'access-control-request-headers': 'authorization,dpop' });
    expect([answer.statusCode, answer.json()]).toEqual([200, {}]);
    expect(answer.headers).toMatchObject({
      [ALLOWED]: PAGE,
      [COOKIES]: 'true',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'authorization,dpop',
      vary: expect.stringContaining('Origin'),
    });
  });

  it.each(['', ' ', 'a b', 'x: y', 'ä', 'a,'.repeat(600)])(
    'repeats nothing that is no list of headers: %s',
    async (names) => {
      const answer = await ask(TOKEN, { origin: PAGE, 'access-control-request-headers': names });
      expect(answer.headers['access-control-allow-headers']).toBe('Authorization, Content-Type, DPoP');
    },
  );

  it('allows nothing by itself, and says that the answer depends on the origin', async () => {
    const answer = await post('', { origin: PAGE });
    expect([allowed(answer), answer.headers[COOKIES]]).toEqual([undefined, undefined]);
    expect(answer.headers.vary).toContain('Origin');
    expect((await post('', {})).headers.vary).toContain('Origin');
  });

  it('answers what the service allows, on refusals, too', async () => {
    expect(allowed(await post('origin', { origin: PAGE }))).toBe(PAGE);
    const refused = await post('origin_refused', { origin: PAGE });
    expect([refused.statusCode, allowed(refused)]).toEqual([400, PAGE]);
  });
});

describe('an operation for everybody', () => {
  it('is read by any origin, never with cookies', async () => {
    const answers = [await gateway.inject({ url: ALL, headers: { origin: PAGE } }), await ask(ALL, { origin: PAGE })];
    for (const answer of answers) expect([allowed(answer), answer.headers[COOKIES]]).toEqual(['*', undefined]);
  });

  it('keeps the word of the installation for an origin that it trusts', async () => {
    const answer = await gateway.inject({ url: ALL, headers: { origin: TRUSTED } });
    expect([allowed(answer), answer.headers[COOKIES]]).toEqual([TRUSTED, 'true']);
  });

  it('is indented where it says so', async () => {
    expect((await gateway.inject({ url: ALL })).body).toMatch(/^\[\n {2}\{\n {4}"/);
  });
});
