import { DEFAULT_TENANT } from '@postern/database';
import { auth } from '@postern/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import { factsOf, type Person } from '../testing/directory.fixture.ts';

const house = await anAuth();
const { tokens, people, sql } = house;
const INVALID = { reason: 'CREDENTIALS_INVALID' };
const PASSWORD = 'correct horse battery staple';

let last = 0;
let owner: Person;
let key: string;

/** A token of somebody, as they make it themselves; its key. */
async function aToken(person: Person, intent: string): Promise<string> {
  last += 1;
  const identifier = `token-${last}`;
  const call = house.asUser(DEFAULT_TENANT, person);
  await tokens.createToken({ token: { identifier, intent, expiring: true } }, call);
  return (await tokens.viewTokenKey({ identifier }, call)).key;
}

async function somebody(): Promise<Person> {
  last += 1;
  const person = people.add(DEFAULT_TENANT, `somebody-${last}`);
  const request = { user: factsOf(person), password: PASSWORD };
  await house.credentials.setUserPassword(request, house.asService(DEFAULT_TENANT));
  return person;
}

beforeEach(async () => {
  owner = await somebody();
  key = await aToken(owner, 'app_password');
});

/** Ways in that take a password: a protocol that sends it along, and a person in a browser. */
const WAYS = {
  'a Basic header': async (username: string, secret: string) => {
    const gateway = house.asService(DEFAULT_TENANT, 'gateway');
    return (await house.principals.resolvePrincipal({ basic: `${username}:${secret}` }, gateway)).user?.username;
  },
  'the sign-in flow': async (username: string, secret: string) => {
    const browser = house.browser(DEFAULT_TENANT);
    await browser.signIn(username, secret);
    const { user } = await browser.resolve();
    if (!user) throw Object.assign(new Error('nobody is signed in'), INVALID);
    return user.username;
  },
} as const;

describe.each(Object.entries(WAYS))('an app password in %s', (_name, enter) => {
  it('is worth nothing when it expired, and nothing for anybody else', async () => {
    await refusal(enter((await somebody()).username, key), INVALID);
    await sql("update token set expires = now() - interval '1 hour' where user_pk = $1", [owner.pk]);
    await refusal(enter(owner.username, key), INVALID);
    await sql('update token set expiring = false where user_pk = $1', [owner.pk]);
    expect(await enter(owner.username, key)).toBe(owner.username);
  });

  it('is worth nothing when its user is deactivated, and when it was deleted', async () => {
    owner.is_active = false;
    await refusal(enter(owner.username, key), INVALID);
    owner.is_active = true;
    expect(await enter(owner.username, key)).toBe(owner.username);
    await sql('delete from token where user_pk = $1', [owner.pk]);
    await refusal(enter(owner.username, key), INVALID);
  });

  it('is an app password: the key of an API token is none', async () => {
    await refusal(enter(owner.username, await aToken(owner, 'api')), INVALID);
    expect(await enter(owner.username, PASSWORD)).toBe(owner.username);
  });
});

describe('an app password that a program presents for a token', () => {
  const find = (username: string, presented: string, tenant = DEFAULT_TENANT) =>
    house.appPasswords.findAppPassword({ username, key: presented }, house.asService(tenant, 'providers'));

  it('is unknown when it expired, and for every name but that of its owner', async () => {
    const unknown = { reason: 'NOT_FOUND' };
    await refusal(find((await somebody()).username, key), unknown);
    await refusal(find(owner.username.toUpperCase(), key), unknown);
    await refusal(find(owner.username, await aToken(owner, 'api')), unknown);
    await refusal(find(owner.username, PASSWORD), unknown);
    await refusal(find(owner.username, key, '0197c0de-0000-7000-8000-0000000000ff'), unknown);
    await sql("update token set expires = now() - interval '1 hour' where user_pk = $1", [owner.pk]);
    await refusal(find(owner.username, key), unknown);
  });

  it('names its owner and itself, to other services alone', async () => {
    expect(await find(owner.username, key)).toMatchObject({ user: owner.pk, identifier: `token-${last}` });
    const call = house.asUser(DEFAULT_TENANT, owner);
    await refusal(house.appPasswords.findAppPassword({ username: owner.username, key }, call), {
      code: 'PERMISSION_DENIED',
    });
  });
});

it('opens no API as a bearer', async () => {
  const gateway = house.asService(DEFAULT_TENANT, 'gateway');
  await refusal(house.principals.resolvePrincipal({ bearer: key }, gateway), INVALID);
});

it('is refused by a password stage that does not take tokens', async () => {
  const backends = (names: string) =>
    sql(`update stage set settings = settings || jsonb_build_object('backends', $1::jsonb) where kind = 'password'`, [
      names,
    ]);
  const before = await sql<{ settings: { backends: string[] } }>("select settings from stage where kind = 'password'");
  await backends('["authentik.core.auth.InbuiltBackend"]');
  await refusal(WAYS['the sign-in flow'](owner.username, key), INVALID);
  await backends(JSON.stringify(before[0]?.settings.backends));
  expect(await WAYS['the sign-in flow'](owner.username, key)).toBe(owner.username);
});

it('is named in the sign-in, and its key is not', async () => {
  await WAYS['the sign-in flow'](owner.username, key);
  const [created] = await house.published(DEFAULT_TENANT, 'auth.v1.session.created', auth.SessionCreated, owner);
  expect(created?.payload).toMatchObject({
    method: 'token',
    method_args: { token: { app: 'authentik_core', model_name: 'token', name: expect.stringContaining('token-') } },
  });
  expect(JSON.stringify(created?.payload)).not.toContain(key);
});
