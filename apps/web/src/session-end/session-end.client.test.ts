import { expect, it } from 'vitest';
import { createSessionEndClient } from './session-end.client.ts';

const load = (answer: (path: string) => Response) =>
  createSessionEndClient({ fetch: async (path) => answer(String(path)) }).load('wiki');

it('knows nothing where it may see nothing, or where nobody answers', async () => {
  expect(await load(() => Response.json({ detail: 'no' }, { status: 403 }))).toEqual({});
  expect(await load(() => Response.error())).toEqual({});
  expect(await load(() => new Response('<html>'))).toEqual({});
});

it('tells who is still signed in although the application is hidden from them', async () => {
  const departure = await load((path) =>
    path.includes('/users/me/') ? Response.json({ user: { username: 'ada' } }) : new Response('', { status: 404 }),
  );
  expect(departure).toMatchObject({ me: { username: 'ada' }, application: undefined });
});
