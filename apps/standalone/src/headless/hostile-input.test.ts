import { expect, it } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

const house = await headlessHouse();
await house.set({
  signup_open: true,
  login_by_code_enabled: true,
  rate_limits: { signup: '', login: '', login_failed: '', reset_password: '', request_login_code: '' },
});
const password = 'a long walk in the hills';

const HOSTILE = [
  'a@example.com\r\nBcc: eve@evil.example',
  'a\u0001b@example.com',
  'a\u007f@example.com',
  'a@exam\u0000ple.com',
  'a@example.com\u2028x',
  '"a\r\n"@example.com',
  'a@example.com, eve@evil.example',
  `${'a'.repeat(300)}@example.com`,
  '\u202eevil@example.com',
];

it.each(HOSTILE)('takes no address that would mean something else in a header: %j', async (email) => {
  const before = house.sink.mails.length;
  for (const [path, body] of [
    ['/auth/signup', { username: 'hostile', email, password }],
    ['/auth/password/request', { email }],
    ['/auth/code/request', { email }],
  ] as const) {
    const { status } = await house.app().post(path, body);
    expect({ path, status }).toEqual({ path, status: 400 });
  }
  const headers = { 'content-type': 'application/json' };
  const reset = { method: 'POST', headers, body: JSON.stringify({ email }) };
  expect((await fetch(`${house.url}/api/auth/password/reset/`, reset)).status).toBe(400);
  expect(house.sink.mails.slice(before).flatMap(({ to }) => to)).not.toContain('eve@evil.example');
});

it.each([
  ['a name with a line', { username: 'a\r\nb', password }],
  ['a name that is a list', { username: ['a'], password }],
  ['a name with control characters', { username: 'a\u0007b', password }],
  ['a password with a null', { username: 'fine', password: `${password}\u0000` }],
])('refuses %s', async (_what, body) => {
  expect((await house.app().post('/auth/signup', body)).status).toBe(400);
});

it('counts the last of a member that is there twice, and nothing of what every object has', async () => {
  const somebody = await house.person();
  const raw = `{"username":"nobody","username":${JSON.stringify(somebody.username)},"password":"${somebody.password}","__proto__":{"isAdmin":true},"constructor":{"prototype":{"person":1}}}`;
  expect((await house.app().post('/auth/login', undefined, { raw })).status).toBe(200);
  expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false);
});
