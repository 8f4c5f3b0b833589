import { generateSync } from 'otplib';
import { expect, it } from 'vitest';
import { headlessHouse } from '../headless/headless-house.fixture.ts';
import { basicOf, restAt } from './rest-client.fixture.ts';

const house = await headlessHouse();
const rest = restAt(house.url);
await house.set({ enforce_mfa: true, mfa_allow_unverified_email: true });

const LACKING = {
  id: 'mfa_register',
  error: 'You must enable two-factor authentication before doing anything else.',
};

/** Somebody who has signed in by a page of the headless API. */
async function signedIn() {
  const person = await house.person();
  const browser = house.browser();
  expect((await browser.post('/auth/login', person)).status).toBe(200);
  const cookies = () => Object.fromEntries(browser.cookies);
  const headers = () => ({ 'x-csrftoken': browser.cookies.get('csrftoken') ?? '' });
  const send = (method: string, path: string, body?: unknown) =>
    rest(method, path, body, { cookies: cookies(), headers: headers() });
  return { person, browser, send };
}

it('lets whoever must have a second factor do nothing by a session before they have one', async () => {
  const { send, browser } = await signedIn();
  for (const [method, path, body] of [
    ['GET', '/api/auth/user/'],
    ['PATCH', '/api/auth/user/', {}],
    ['GET', '/api/auth/emails/'],
    ['POST', '/api/auth/emails/', { email: 'other@example.com' }],
    ['GET', '/api/auth/social/'],
    [
      'POST',
      '/api/auth/password/change/',
      { new_password1: 'seven quiet rivers', new_password2: 'seven quiet rivers' },
    ],
    ['GET', '/api/user/tokens/'],
    ['POST', '/api/user/tokens/', { name: 'x' }],
    ['GET', '/api/background-task/'],
  ] as const) {
    const { status, body: answer } = await send(method, path, body);
    expect({ path, status, answer }).toEqual({ path, status: 401, answer: LACKING });
  }
  for (const path of ['/api/', '/api/user/me/', '/api/user/token/', '/api/auth/providers/'])
    expect([path, (await send('GET', path)).status]).toEqual([path, 200]);

  const { secret } = Object((await browser.get('/account/authenticators/totp')).body.meta);
  const code = generateSync({ secret });
  expect((await browser.post('/account/authenticators/totp', { code })).status).toBe(200);
  expect((await send('GET', '/api/auth/user/')).status).toBe(200);
  expect((await send('GET', '/api/auth/emails/')).status).toBe(200);
});

it('lets them sign out', async () => {
  const { send } = await signedIn();
  expect((await send('POST', '/api/auth/logout/')).body).toEqual({ detail: 'Successfully logged out.' });
  expect((await send('GET', '/api/auth/user/')).body).not.toEqual(LACKING);
});

it('asks it of no program: keys and passwords with each request go on to work', async () => {
  const { send, person } = await signedIn();
  const { token } = Object((await send('GET', '/api/user/token/')).body);
  expect((await rest('GET', '/api/auth/user/', undefined, { token })).status).toBe(200);
  const headers = { authorization: basicOf(`${person.username}:${person.password}`) };
  expect((await rest('GET', '/api/auth/user/', undefined, { headers })).status).toBe(200);
});
