import { expect, it } from 'vitest';
import { appleAddress } from './apple.address.ts';
import { createPlexClient, plexAddress } from './plex.client.ts';

const pin = { id: 7, code: 'a&b' };

function given(answers: Readonly<Record<string, Response>>, status = 200, body: object = {}) {
  return createPlexClient({
    clientId: 'client',
    fetch: async (url) => answers[String(url)] ?? Promise.reject(new TypeError('Failed to fetch')),
    api: { send: async () => ({ status, body }) },
  });
}

it('knows nothing of a pin when Plex is silent or speaks something else', async () => {
  expect(await given({}).createPin()).toBeUndefined();
  const html = { 'https://plex.tv/api/v2/pins.json?strong=true': new Response('<h1>down</h1>') };
  expect(await given(html).createPin()).toBeUndefined();
});

it('has no token until the person has approved', async () => {
  const url = 'https://plex.tv/api/v2/pins/7';
  expect(await given({ [url]: Response.json({ authToken: null }) }).token(pin)).toBeUndefined();
  expect(await given({ [url]: Response.json({ authToken: 't' }) }).token(pin)).toBe('t');
});

it('tells a refusal by the server from a failure', async () => {
  expect(await given({}, 403).redeem('plex', 't')).toEqual({ refusal: 'denied' });
  expect(await given({}, 400).redeem('plex', 't')).toEqual({ refusal: 'failed' });
  expect(await given({}, 200, { to: '/next' }).redeem('plex', 't')).toEqual({ to: '/next' });
});

it('puts what the server says into the addresses of others as values only', () => {
  expect(plexAddress('c', pin)).toBe('https://app.plex.tv/auth#!?clientID=c&code=a%26b');
  const challenge = { client_id: 'c', scope: 'name email', redirect_uri: 'https://id.example.com/cb', state: 'a&b' };
  const address = new URL(appleAddress({ component: 'ak-source-oauth-apple', ...challenge }));
  expect(Object.fromEntries(address.searchParams)).toEqual({
    ...challenge,
    response_type: 'code id_token',
    response_mode: 'form_post',
  });
  expect(address.search).toContain('name%20email');
});
