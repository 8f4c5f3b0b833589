import { expect, it } from 'vitest';
import { createSessionEndClient } from './session-end.client.ts';

const load = (answer: (path: string) => Response) =>
  createSessionEndClient({ fetch: async (path) => answer(String(path)) }).load('wiki');

it('knows nothing where it may see nothing, or where nobody answers', async () => {
  expect(await load(() => Response.json({ detail: 'no' }, { status: 403 }))).toEqual({});
  expect(await load(() => Response.error())).toEqual({});
  expect(await load(() => new Response('<html>'))).toEqual({});
});

it.each([
  ['hidden from them', Response.json({ results: [] }), undefined],
  ['theirs to open', Response.json({ results: [{ name: 'Wiki' }] }), { name: 'Wiki' }],
  ['not answered for', new Response('', { status: 503 }), undefined],
])('tells who is still signed in where the application is %s', async (_title, answer, application) => {
  const departure = await load((path) =>
    path.includes('/users/me/') ? Response.json({ user: { username: 'ada' } }) : answer,
  );
  expect(departure).toMatchObject({ me: { username: 'ada' }, application });
});

it.each([
  ['where the server says', { status: 200, body: { to: 'https://app.example/gone' } }, 'https://app.example/gone'],
  [
    'to the flow where it refuses',
    { status: 403, body: { to: 'https://evil.example/' } },
    '/flows/-/default/invalidation/',
  ],
  ['to the flow where it says nothing', { status: 200, body: {} }, '/flows/-/default/invalidation/'],
])('signs people out and leads them %s, with what the application asked for', async (_title, answer, expected) => {
  const sent: unknown[] = [];
  const api = {
    send: async (...request: unknown[]) => {
      sent.push(request);
      return answer;
    },
  };
  const client = createSessionEndClient({ fetch: async () => Response.error(), api });
  expect(await client.end('wiki', '?state=s&client_id=w&other=x')).toBe(expected);
  const asked = { id_token_hint: '', post_logout_redirect_uri: '', state: 's', client_id: 'w' };
  expect(sent).toEqual([['POST', '/api/postern/v1/oauth2/end-session/wiki/', asked]]);
});
