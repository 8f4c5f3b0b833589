/** Flows over the whole login service: its own accounts, passwords, sessions and principals. */

import { DEFAULT_TENANT } from '@postern/database';
import { expect, it } from 'vitest';
import { anAuth } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';

const house = await anAuth();
const LOGIN = 'default-authentication-flow';
const alice = house.people.add(DEFAULT_TENANT, 'alice');
house.people.add(DEFAULT_TENANT, 'bob');
const password = { user: factsOf(alice), password: 'correct horse' };
await house.credentials.setUserPassword(password, house.asService(DEFAULT_TENANT));

it('refuses a wrong password, a user without one and an unknown name alike', async () => {
  const answers: string[] = [];
  for (const name of ['alice', 'bob', 'nobody']) {
    const browser = house.browser(DEFAULT_TENANT);
    const answer = await browser.signIn(name, 'guess');
    answers.push(JSON.stringify(answer).replaceAll(name, 'NAME'));
    expect((await browser.resolve()).via).toBe('');
  }
  expect(answers[0]).toContain('Invalid password');
  expect(new Set(answers).size).toBe(1);
});

it('issues one session when a correct answer arrives four times at once', async () => {
  const browser = house.browser(DEFAULT_TENANT);
  await browser.call(LOGIN);
  await browser.call(LOGIN, { uid_field: 'alice' });
  const sessions = async () => (await house.sql('select 1 from session')).length;
  const before = await sessions();
  const twins = Array.from({ length: 4 }, () => {
    const twin = house.browser(DEFAULT_TENANT);
    twin.jar.cookie = browser.jar.cookie;
    return twin;
  });
  await Promise.all(twins.map((twin) => twin.call(LOGIN, { password: 'correct horse' })));
  expect((await sessions()) - before).toBe(1);
});
