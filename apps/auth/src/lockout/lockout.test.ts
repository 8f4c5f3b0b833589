/** Lockout over the whole login service. */

import { DEFAULT_TENANT } from '@postern/database';
import { v7 } from 'uuid';
import { expect, it } from 'vitest';
import { anAuth } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';
import { DEVICE_COOKIE } from './index.ts';

const house = await anAuth({ POSTERN_LOCKOUT__PASSWORD__USER: '3', POSTERN_LOCKOUT__PASSWORD__DEVICE: '2' });
const WRONG = { items: [{ string: 'Invalid password', code: 'invalid' }] };

async function somebody(username: string) {
  const person = house.people.add(DEFAULT_TENANT, username);
  await house.credentials.setUserPassword(
    { user: factsOf(person), password: 'correct horse' },
    house.asService(DEFAULT_TENANT),
  );
  return person;
}

async function guess(username: string, password = 'a guess') {
  const challenge = await house.browser(DEFAULT_TENANT).signIn(username, password);
  return challenge.response_errors;
}

it('answers an attempt that is not looked at like a wrong password, of somebody and of nobody alike', async () => {
  await somebody('alice');
  const seen = [];
  for (const name of ['alice', 'nobody-at-all']) {
    const answers = [];
    for (let round = 0; round < 5; round += 1) answers.push(await guess(name));
    seen.push(JSON.stringify(answers).replaceAll(name, 'NAME'));
  }
  expect(new Set(seen).size).toBe(1);
  expect(await guess('alice', 'correct horse')).toMatchObject({ password: WRONG });
});

it('signs somebody in from their own device while strangers try their account, and not from another', async () => {
  await somebody('bob');
  const own = house.browser(DEFAULT_TENANT);
  await own.signIn('bob', 'correct horse');
  expect(own.jar.cookies[DEVICE_COOKIE]).toBeDefined();
  for (let round = 0; round < 5; round += 1) await guess('bob');
  expect(await guess('bob', 'correct horse')).toMatchObject({ password: WRONG });
  await own.signOut();
  expect(await own.signIn('bob', 'correct horse')).toMatchObject({ component: 'xak-flow-redirect' });
  // Whoever comes by the device has its tries, and no more.
  await own.signOut();
  await own.signIn('bob', 'a guess');
  await own.call('default-authentication-flow', { password: 'a guess' });
  expect(await own.call('default-authentication-flow', { password: 'correct horse' })).toMatchObject({
    response_errors: { password: WRONG },
  });
});

it('counts the passwords of Basic credentials, too', async () => {
  const person = await somebody('carol');
  const basic = (password: string) =>
    house.principals.resolvePrincipal({ basic: `carol:${password}` }, house.asService(DEFAULT_TENANT, 'gateway'));
  for (let round = 0; round < 3; round += 1) {
    await expect(basic('a guess')).rejects.toMatchObject({ reason: 'CREDENTIALS_INVALID' });
  }
  await expect(basic('correct horse')).rejects.toMatchObject({ reason: 'CREDENTIALS_INVALID' });
  const token = { identifier: 'machine', intent: 'app_password', user: person.pk, expiring: true };
  const admin = house.people.add(DEFAULT_TENANT, 'admin', { superuser: true });
  await house.tokens.createToken({ token }, house.asUser(DEFAULT_TENANT, admin));
  const { key } = await house.tokens.viewTokenKey({ identifier: 'machine' }, house.asUser(DEFAULT_TENANT, admin));
  expect(await basic(key)).toMatchObject({ via: 'password', user: { username: 'carol' } });
});

it('lets go of counters that nobody needs any more', async () => {
  const count = async () =>
    (await house.sql<{ n: number }>('select count(*)::int as n from attempt_budget'))[0]?.n ?? 0;
  expect(await count()).toBeGreaterThan(0);
  house.clock.advance(24 * 60 * 60_000);
  const job = { id: v7(), name: 'auth.clean_expired', args: '{}', attempt: 1, deadline_ms: 60_000, tenant: '' };
  await house.jobs.run(job, house.asService(DEFAULT_TENANT, 'tasks'));
  expect(await count()).toBe(0);
});
