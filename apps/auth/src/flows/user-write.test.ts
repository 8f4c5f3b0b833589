import { randomUUID } from 'node:crypto';
import { auth } from '@postern/proto';
import { expect, it } from 'vitest';
import type { JsonObject } from '../plans/index.ts';
import { aHouse, aPerson } from './flows.fixture.ts';

const settings = { theme: 'dark', locale: 'en' };
const alice = aPerson('alice', { password: 'correct horse', attributes: { settings }, groups: ['old'] });
const house = await aHouse([alice, aPerson('bob', { password: 'correct horse' })]);
const person = (name: string) => house.people.find(({ username }) => username === name);
const prompt = { kind: 'prompt', settings: { fields: [] as string[] } };
const identification = { kind: 'identification', settings: { user_fields: ['username'] } };
const write = (given: JsonObject = {}) => ({ kind: 'user_write', settings: given });
const denied = (error_message: string) => ({ component: 'ak-stage-access-denied', error_message });
const FAILED = 'Failed to update user. Please try again later.';

/** A prompt stage that asks for these keys; those called password are secrets. */
async function asks(...keys: string[]) {
  const fields: string[] = [];
  for (const key of keys) {
    const pk = randomUUID();
    await house.sql(
      `insert into prompt (pk, tenant_id, name, field_key, label, type, required) values ($1, $2, $5, $3, $3, $4, false)`,
      [pk, house.tenant, key, key.startsWith('password') ? 'password' : 'text', pk],
    );
    fields.push(pk);
  }
  return { ...prompt, settings: { fields } };
}

async function signedIn(username: string) {
  const browser = house.browser();
  const flow = 'default-authentication-flow';
  await browser.get(flow);
  await browser.post(flow, { uid_field: username });
  await browser.post(flow, { password: 'correct horse' });
  return browser;
}

async function walk(slug: string, answer: JsonObject, browser = house.browser()) {
  await browser.get(slug);
  return (await browser.post(slug, answer)).challenge;
}

it('writes nothing where nothing was told, and makes nobody where it may not', async () => {
  await house.flow('untold', [write()]);
  expect((await house.browser().get('untold')).challenge).toMatchObject(denied('No Pending data.'));
  await house.flow('never', [await asks('username'), write({ user_creation_mode: 'never_create' })]);
  const message = "No user found and can't create new user.";
  expect(await walk('never', { username: 'carol' })).toMatchObject(denied(message));
  await house.flow('never-named', [
    identification,
    await asks('username'),
    write({ user_creation_mode: 'never_create' }),
  ]);
  const browser = house.browser();
  await browser.get('never-named');
  await browser.post('never-named', { uid_field: 'nobody' });
  expect((await browser.post('never-named', { username: 'nobody' })).challenge).toMatchObject(denied(message));
  expect([person('carol'), person('nobody')]).toEqual([undefined, undefined]);
});

it('writes no empty username and no username that is taken', async () => {
  await house.flow('names', [await asks('username', 'name'), write()]);
  expect(await walk('names', { username: '', name: 'x' })).toMatchObject(denied('Unknown error'));
  expect(await walk('names', { name: 'x' })).toMatchObject(denied('Unknown error'));
  expect(await walk('names', { username: 'bob', name: 'x' })).toMatchObject(denied(FAILED));
  expect(await walk('names', { username: '', name: 'x' }, await signedIn('alice'))).toMatchObject(
    denied('Unknown error'),
  );
  expect([person('alice')?.name, person('bob')?.name]).toEqual(['alice', 'bob']);
});

it('makes somebody as the stage says, unless a prompt says otherwise', async () => {
  const group = randomUUID();
  const stage = write({
    user_creation_mode: 'create_when_required',
    create_users_as_inactive: true,
    create_users_group: group,
    user_type: 'internal_service_account',
    user_path_template: 'staff',
  });
  await house.flow('makes', [await asks('username', 'groups', 'attributes.nick', 'password'), stage]);
  const told = { username: 'dave', groups: 'admins', 'attributes.nick': 'D', password: 'hush' };
  expect(await walk('makes', told)).toMatchObject({ component: 'xak-flow-redirect' });
  expect(person('dave')).toMatchObject({
    isActive: false,
    path: 'staff',
    type: 'service_account',
    groups: [group],
    attributes: { nick: 'D' },
    password: 'hush',
  });
  await house.flow('makes-plain', [await asks('username', 'path'), write()]);
  await walk('makes-plain', { username: 'erin', path: 'guests' });
  expect(person('erin')).toMatchObject({ isActive: true, path: 'guests', type: 'external', groups: [] });
});

it('changes whoever is signed in, adds to their groups and attributes, and makes another where it always makes one', async () => {
  const group = randomUUID();
  const fields = await asks('name', 'attributes.settings.locale', 'password', 'password_repeat');
  await house.flow('changes', [fields, write({ create_users_group: group })]);
  const told = {
    name: 'Alice',
    'attributes.settings.locale': 'de',
    password: 'correct horse',
    password_repeat: 'correct horse',
  };
  const browser = await signedIn('alice');
  expect(await walk('changes', told, browser)).toMatchObject({ component: 'xak-flow-redirect' });
  expect(person('alice')).toMatchObject({
    name: 'Alice',
    attributes: { settings: { theme: 'dark', locale: 'de' } },
    groups: ['old', group],
    password: 'correct horse',
  });
  await house.flow('always', [await asks('username'), write({ user_creation_mode: 'always_create' })]);
  await walk('always', { username: 'frank' }, browser);
  expect([person('alice')?.username, person('frank')?.type]).toEqual(['alice', 'external']);
});

it('keeps no password in the plan, whatever the prompt calls itself, and tells who was written with which fields', async () => {
  const pk = randomUUID();
  await house.sql(
    `insert into prompt (pk, tenant_id, name, field_key, label, type) values ($1, $2, 'plain', 'password', 'p', 'text')`,
    [pk, house.tenant],
  );
  const plain = { ...prompt, settings: { fields: [pk] } };
  await house.flow('plain-password', [await asks('username'), plain, { kind: 'dummy' }, write(), { kind: 'dummy' }]);
  const browser = house.browser();
  await walk('plain-password', { username: 'grace' }, browser);
  await browser.post('plain-password', { password: 'in the open' });
  const plans = async () =>
    house.sql<{ plan: { context: JsonObject } }>('select plan from flow_plan where session = $1', [browser.session]);
  expect(JSON.stringify(await plans())).not.toContain('in the open');
  await browser.post('plain-password', { component: 'ak-stage-dummy' });
  expect(person('grace')?.password).toBe('in the open');
  expect((await plans())[0]?.plan.context).toMatchObject({
    prompt_data: { username: 'grace', created: true },
    user_backend: 'authentik.core.auth.InbuiltBackend',
  });
  const [told] = await house.sql<{ envelope: Buffer }>(
    "select envelope from outbox where subject = 'auth.v1.user.written' order by seq desc limit 1",
  );
  expect(
    told?.envelope.includes(
      Buffer.from(
        auth.UserWritten.encode({ user: person('grace')?.pk ?? 0, created: true, fields: ['username'] }).finish(),
      ),
    ),
  ).toBe(true);
});
