import { afterAll, beforeAll, expect, it } from 'vitest';
import { aGateway, type TestGateway } from './testing/gateway.builder.ts';

const PARTS = '/api/conformance/parts/';
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await aGateway();
});
afterAll(() => gateway.close());

async function get(url: string, authorization?: string) {
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await gateway.inject({ url, headers });
  return { status: answer.statusCode, challenge: answer.headers['www-authenticate'], body: answer.json() };
}

it.each([
  ['nothing', undefined, 'Authentication credentials were not provided.'],
  ['a scheme that nobody knows', 'Negotiate abc', 'Authentication credentials were not provided.'],
  ['a token of nobody', 'Token guess', 'Invalid token.'],
  ['no token', 'Token', 'Invalid token header. No credentials provided.'],
  ['two tokens', 'token a b', 'Invalid token header. Token string should not contain spaces.'],
  ['no password', 'Basic', 'Invalid basic header. No credentials provided.'],
  ['a password that is no base64', 'Basic %%%', 'Invalid basic header. Credentials not correctly base64 encoded.'],
  ['a name without a password', basic('jane'), 'Invalid basic header. Credentials not correctly base64 encoded.'],
  ['a wrong password', basic('jane:guess'), 'Invalid username/password.'],
])('answers 401 to %s', async (_what, authorization, detail) => {
  expect(await get(PARTS, authorization)).toEqual({ status: 401, challenge: 'Token', body: { detail } });
});

it.each([['Token jane-token'], ['tOkEn jane-token'], ['Bearer jane-token'], [basic('jane:her:password')]])(
  'lets %s in',
  async (authorization) => {
    expect(await get(PARTS, authorization)).toMatchObject({ status: 200 });
  },
);

it.each(['', '?limit=0', '?limit=-1', '?limit=x', '?offset=2'])('answers %j with the bare list', async (query) => {
  const { body } = await get(`${PARTS}${query}`, 'Token jane-token');
  expect(body.map(({ pk }: { pk: string }) => pk)).toEqual(['w0', 'w1', 'w2', 'w3', 'w4']);
});

it.each([
  ['?limit=2&a=b', ['w0', 'w1'], '?limit=2&a=b&offset=2', null],
  ['?limit=2&offset=1', ['w1', 'w2'], '?limit=2&offset=3', '?limit=2'],
  ['?limit=2&offset=4', ['w4'], null, '?limit=2&offset=2'],
  ['?limit=2&offset=99', [], null, '?limit=2&offset=97'],
])('answers %j with a part and the addresses beside it', async (query, keys, next, previous) => {
  const { body } = await get(`${PARTS}${query}`, 'Token jane-token');
  const at = (address: string | null) => (address === null ? null : `http://localhost:80${PARTS}${address}`);
  expect(body).toMatchObject({ count: 5, next: at(next), previous: at(previous) });
  expect(body.results.map(({ pk }: { pk: string }) => pk)).toEqual(keys);
});

it('says as a text why an operation cannot be done as a whole, and reads the body of a DELETE', async () => {
  const headers = { authorization: 'Token jane-token', 'content-type': 'application/json' };
  const answer = await gateway.inject({ method: 'DELETE', url: PARTS, headers, payload: '[1,"two"]' });
  expect([answer.statusCode, answer.json()]).toEqual([400, { non_field_errors: 'Nothing is called [1,"two"]' }]);
});

it('answers in JSON where an address leads nowhere, or takes no such method', async () => {
  const nowhere = await get('/api/nothing/?a=b');
  expect(nowhere).toMatchObject({
    status: 404,
    body: { detail: 'API endpoint not found', url: 'http://localhost:80/api/nothing/?a=b' },
  });
  const answer = await gateway.inject({ method: 'PUT', url: PARTS, headers: { authorization: 'Token jane-token' } });
  expect([answer.statusCode, answer.json()]).toEqual([405, { detail: 'Method "PUT" not allowed.' }]);
});
