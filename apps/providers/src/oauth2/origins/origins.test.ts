import { randomUUID } from 'node:crypto';
import type { ReceivedHead } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { parseRedirectUris } from '../../providers/index.ts';
import { aProtocol, PKCE } from '../protocol.fixture.ts';
import { isOriginOf } from './index.ts';

const isTheirs = (entries: string, origin: string) => isOriginOf({ redirectUris: parseRedirectUris(entries) }, origin);

it.each([
  ['https://a.example/cb', 'http://a.example'],
  ['https://a.example/cb', 'https://a.example.evil.example'],
  ['https://a.example/cb', 'https://evil-a.example'],
  ['https://a.example/cb', 'https://a.exampl'],
  ['https://a.example/cb', 'https://x.a.example'],
  ['https://a.example/cb', 'https://a.example:8443'],
  ['https://a.example:8443/cb', 'https://a.example'],
  ['https://a.example:8443/cb', 'https://a.example:84'],
  ['https://a.example/cb', 'https://a.example/'],
  ['https://a.example/cb', 'https://a.example/cb'],
  ['https://a.example/cb', 'https://a.example, https://evil.example'],
  ['https://a.example/cb', 'null'],
  ['https://a.example/cb', ''],
  ['https://good.example@evil.example/cb', 'https://evil.example'],
  ['https://good.example@evil.example/cb', 'https://good.example'],
  ['https://evil.example\\@good.example/cb', 'https://evil.example'],
  ['https://*.a.example/cb', 'https://x.a.example'],
  ['*', 'https://a.example'],
  ['', 'https://a.example'],
  ['/cb', 'https://a.example'],
  ['^https://a\\.example/cb', 'https://a.example'],
  ['^https://.*', 'https://evil.example'],
  ['com.example.app:/cb', 'null'],
  ['foo://localhost', 'null'],
  ['file:///cb', 'null'],
  ['http://127.0.0.1/cb', 'http://127.0.0.1:5173'],
])('of what is registered as %s, knows no page of %s', (entries, origin) => {
  expect(isTheirs(entries, origin)).toBe(false);
});

it.each([
  ['https://a.example/cb', 'https://a.example'],
  ['https://a.example:443/cb', 'https://a.example'],
  ['HTTPS://A.Example', 'https://a.example'],
  ['https://b.example/x ^( https://a.example:8443/cb?q=1', 'https://a.example:8443'],
  ['http://localhost:5173/cb', 'http://localhost:5173'],
  ['http://[::1]:5173/cb', 'http://[::1]:5173'],
])('of what is registered as %s, knows pages of %s', (entries, origin) => {
  expect(isTheirs(entries, origin)).toBe(true);
});

describe('the endpoints', async () => {
  const protocol = await aProtocol();
  const { aCode, endpoint, origin, withHead, redeem } = protocol;
  await protocol.client('spa', { clientType: 'public' });
  await protocol.client('far', { redirectUris: 'https://far.example/cb' });
  const PAGE = 'https://app.example';

  /** Origins that may read the answer, or the refusal. */
  async function readers(work: (options: { onHead: (head: ReceivedHead) => void }) => Promise<unknown>) {
    let head: ReceivedHead = { headers: [], cookies: [] };
    const keep = (given: ReceivedHead) => {
      head = given;
    };
    const outcome = await work({ onHead: keep }).then(
      () => 'done',
      ({ reason }) => reason,
    );
    const found = head.headers.filter(([name]) => name === 'access-control-allow-origin');
    return [outcome, ...found.map(([, value]) => value)];
  }

  const token = (page: string, request: object, headers = {}) =>
    readers((options) => endpoint.exchangeToken(request, origin({ headers: { origin: page, ...headers } }), options));
  const wrong = { grant_type: 'authorization_code', client_id: 'spa', code: 'wrong' };

  it('let no page read that is none of the client', async () => {
    expect(await token('https://evil.example', wrong)).toEqual(['INVALID_GRANT']);
    expect(await token('https://far.example', wrong)).toEqual(['INVALID_GRANT']);
    expect(await token(PAGE, { ...wrong, client_id: 'nobody' })).toEqual(['INVALID_CLIENT']);
    expect(await token(PAGE, { ...wrong, client_id: 'far' })).toEqual(['INVALID_CLIENT']);
  });

  it('let pages of the client read why not', async () => {
    expect(await token(PAGE, wrong)).toEqual(['INVALID_GRANT', PAGE]);
    expect(await token(PAGE, { ...wrong, grant_type: 'magic' })).toEqual(['UNSUPPORTED_GRANT_TYPE', PAGE]);
    expect(await token(PAGE, { client_id: 'spa' })).toEqual(['INVALID_REQUEST', PAGE]);
    const secret = { grant_type: 'authorization_code', client_id: 'far', client_secret: 'wrong' };
    expect(await token('https://far.example', secret)).toEqual(['INVALID_CLIENT', 'https://far.example']);
    const basic = { authorization: `Basic ${Buffer.from('far:wrong').toString('base64')}` };
    expect(await token('https://far.example', { grant_type: 'refresh_token' }, basic)).toEqual([
      'INVALID_CLIENT',
      'https://far.example',
    ]);
  });

  it('let pages of the client use what they get, and read when it is over', async () => {
    const { code } = await aCode('spa', PKCE.challenge);
    const { access_token } = await redeem('spa', code, { client_secret: '', code_verifier: PKCE.verifier });
    const read = (page: string, bearer: string) => {
      const headers = { origin: page, authorization: `Bearer ${bearer}` };
      return readers((options) => endpoint.getUserInfo({}, origin({ headers }), options));
    };
    expect(await read('https://evil.example', access_token)).toEqual(['done']);
    expect(await read(PAGE, access_token)).toEqual(['done', PAGE]);
    const revoke = { token: access_token, client_id: 'spa' };
    const from = (page: string) => origin({ headers: { origin: page } });
    expect(await readers((options) => endpoint.revokeToken(revoke, from('https://evil.example'), options))).toEqual([
      'done',
    ]);
    expect(await readers((options) => endpoint.revokeToken(revoke, from(PAGE), options))).toEqual(['done', PAGE]);
    expect(await read('https://evil.example', access_token)).toEqual(['INVALID_TOKEN']);
    expect(await read(PAGE, access_token)).toEqual(['INVALID_TOKEN', PAGE]);
  });

  it.each(['', 'x', 'a.b.c', `a.${Buffer.from('null').toString('base64url')}.c`, forged('\0'), forged(randomUUID())])(
    'let nobody read what is said of a token that names nobody: %s',
    async (bearer) => {
      const headers = { origin: PAGE, authorization: `Bearer ${bearer}` };
      const work = readers((options) => endpoint.getUserInfo({}, origin({ headers }), options));
      expect(await work).toEqual(['INVALID_TOKEN']);
    },
  );

  it('let pages of the client read about it', async () => {
    const read = (page: string) => {
      const from = origin({ headers: { origin: page } });
      return withHead((onHead) => endpoint.getDiscovery({ application_slug: 'spa' }, from, { onHead }));
    };
    expect((await read('https://evil.example')).head?.headers).toEqual([]);
    expect((await read(PAGE)).head?.headers).toContainEqual(['access-control-allow-origin', PAGE]);
  });
});

function forged(azp: string): string {
  return `a.${Buffer.from(JSON.stringify({ azp })).toString('base64url')}.c`;
}
