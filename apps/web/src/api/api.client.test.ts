import { expect, it } from 'vitest';
import { createApiClient, isOk } from './api.client.ts';

function given(answer: () => Response | Promise<Response>) {
  const sent: { url: string; init: RequestInit }[] = [];
  const client = createApiClient({
    cookie: (name) => (name === 'authentik_csrf' ? 'token' : undefined),
    fetch: async (url, init = {}) => {
      sent.push({ url: String(url), init });
      return answer();
    },
  });
  return { client, sent };
}

it('answers status 0 instead of throwing when the server cannot be reached', async () => {
  const { client } = given(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await client.get('/api/v3/x/')).toEqual({ status: 0, body: undefined });
});

it('says what was refused, and takes an answer without a body', async () => {
  const refused = await given(() => Response.json({ name: ['no'] }, { status: 400 })).client.send('PATCH', '/x/', {});
  expect([refused, isOk(refused)]).toEqual([{ status: 400, body: { name: ['no'] } }, false]);
  const gone = await given(() => new Response(null, { status: 204 })).client.send('DELETE', '/x/');
  expect([gone, isOk(gone)]).toEqual([{ status: 204, body: undefined }, true]);
});

it('repeats the CSRF cookie in the header of a change, and only then', async () => {
  const { client, sent } = given(() => Response.json({}));
  await client.get('/x/');
  await client.send('POST', '/x/', { a: 1 });
  expect(sent[0]?.init.headers).toEqual({ accept: 'application/json' });
  expect(sent[1]?.init).toMatchObject({
    method: 'POST',
    body: '{"a":1}',
    headers: { 'x-authentik-csrf': 'token', 'content-type': 'application/json' },
  });
});

it('carries a key where it has one, and reads texts that are no JSON', async () => {
  const asked: unknown[] = [];
  const client = createApiClient({
    key: 'operators',
    cookie: () => undefined,
    fetch: async (_url, init = {}) => {
      asked.push(init.headers);
      return new Response('a,b');
    },
  });
  await client.get('/x/');
  await client.send('POST', '/x/');
  expect(asked).toEqual([1, 2].map(() => expect.objectContaining({ authorization: 'Bearer operators' })));
  expect(await client.text('/file/')).toEqual({ status: 200, text: 'a,b' });
});
