import { expect, it } from 'vitest';
import { createHeadlessClient } from './headless.client.ts';
import { isReauthenticationDue, type Message, responseErrors } from './headless.message.ts';

type Asked = { readonly url: string; readonly init: RequestInit };

/** A client whose server gives these answers, one after the other. */
function aClient(...answers: readonly (Response | 'down')[]) {
  const asked: Asked[] = [];
  const heard: Message[] = [];
  const left = [...answers];
  const request = createHeadlessClient({
    fetch: async (url, init = {}) => {
      asked.push({ url: String(url), init });
      const answer = left.shift();
      if (!answer || answer === 'down') throw new TypeError('Failed to fetch');
      return answer;
    },
    cookie: (name) => (name === 'csrftoken' ? 'the token' : undefined),
    onWho: (message) => heard.push(message),
  });
  return { request, asked, heard };
}

const json = (status: number, body: object) => new Response(JSON.stringify({ status, ...body }), { status });

it('repeats the token of the cookie on what changes something, and on nothing else', async () => {
  const { request, asked } = aClient(json(200, {}), json(200, {}));
  await request('GET', '/account/email', { headers: { 'x-password-reset-key': 'a key' } });
  await request('POST', '/account/email', { body: { email: 'a@example.com' } });
  expect(asked.map(({ url }) => url)).toEqual(Array(2).fill('/_allauth/browser/v1/account/email'));
  expect(asked[0]?.init.headers).toEqual({ accept: 'application/json', 'x-password-reset-key': 'a key' });
  expect(asked[1]?.init).toMatchObject({
    body: '{"email":"a@example.com"}',
    headers: { 'x-csrftoken': 'the token', 'content-type': 'application/json' },
  });
});

it('tells who is here by what answers say, and by no other answer', async () => {
  const { request, heard } = aClient(
    json(200, { data: [] }),
    json(400, { errors: [] }),
    json(401, { meta: { is_authenticated: false } }),
    json(410, { meta: { is_authenticated: null } }),
    json(200, { meta: { is_authenticated: true } }),
    json(200, { meta: { is_authenticating: true } }),
  );
  for (let turn = 0; turn < 6; turn += 1) await request('GET', '/auth/session');
  expect(heard.map(({ status }) => status)).toEqual([401, 410, 200]);
});

it('keeps the status of an answer that has no JSON, and has none where nothing came', async () => {
  const { request } = aClient(new Response('<h1>Forbidden</h1>', { status: 403 }), 'down');
  expect(await request('POST', '/auth/login')).toMatchObject({ status: 403, problems: [] });
  expect(await request('POST', '/auth/login')).toMatchObject({ status: 0, problems: [] });
});

it('tells somebody who has to show who they are from nobody', async () => {
  const { request } = aClient(
    json(401, { meta: { is_authenticated: true } }),
    json(401, { meta: { is_authenticated: false } }),
  );
  expect(isReauthenticationDue(await request('GET', '/x'))).toBe(true);
  expect(isReauthenticationDue(await request('GET', '/x'))).toBe(false);
});

it('says what is wrong at its field, by our words where there are some', async () => {
  const errors = [
    { message: 'Taken.', code: 'email_taken', param: 'email' },
    { message: 'Too short.', code: 'password_too_short', param: 'password' },
    { message: 'Invalid login.', code: 'constructor' },
  ];
  const { request } = aClient(json(400, { errors }));
  expect(responseErrors(await request('POST', '/auth/signup'), { email_taken: 'Somebody has it.' })).toEqual({
    email: [{ string: 'Somebody has it.', code: 'email_taken' }],
    password: [{ string: 'Too short.', code: 'password_too_short' }],
    non_field_errors: [{ string: 'Invalid login.', code: 'constructor' }],
  });
});
