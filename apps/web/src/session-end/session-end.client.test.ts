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
