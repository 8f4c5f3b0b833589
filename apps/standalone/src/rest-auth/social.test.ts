import { directory } from '@postern/proto';
import { asService } from '@postern/rpc';
import { expect, it, vi } from 'vitest';
import { headlessHouse } from '../headless/headless-house.fixture.ts';
import { sourceIn } from '../headless/upstream.fixture.ts';
import { restAt } from './rest-client.fixture.ts';

const house = await headlessHouse();
const rest = restAt(house.url);
const origin = asService(house.tenant);
const accounts = house.running.client(directory.SocialAccountServiceDefinition, 'directory');

const PROVIDERS = '/api/auth/providers/';
const SOCIAL = '/api/auth/social/';

/** Nobody is sent there. */
const source = (slug: string) =>
  sourceIn(house, slug, {
    discovery: 'https://idp.example/.well-known/openid-configuration',
    clientId: 'here',
    clientSecret: 'hush',
  });

it('tells how people may sign in: one object, never a list', async () => {
  const nobody = await rest('GET', PROVIDERS);
  const settings = {
    sso_enabled: false,
    sso_registration: false,
    mfa_required: false,
    mfa_enabled: true,
    providers: [],
    registration_enabled: false,
    password_forgotten_enabled: true,
  };
  expect([nobody.status, nobody.body]).toEqual([200, settings]);
  await house.set({ social_signup_open: true, enforce_mfa: true, password_reset_enabled: false });
  await source('corporate');
  const corporate = { id: 'corporate', name: 'CORPORATE', display_name: 'CORPORATE', configured: true };
  const changed = { sso_enabled: true, sso_registration: true, mfa_required: true, password_forgotten_enabled: false };
  const expected = { ...settings, ...changed, providers: [{ ...corporate, login: null, connect: null }] };
  await vi.waitFor(async () => {
    const { body } = await rest('GET', `${PROVIDERS}?limit=1`);
    expect(body).toEqual(expected);
  }, 10_000);
  await house.reset();
});

it('lists accounts elsewhere and disconnects them, but for the only way in', async () => {
  const [given, open] = [await house.person(), await house.person()];
  const { pk } = await source('elsewhere');
  for (const [user, uid] of [
    [given.pk, 'a'],
    [given.pk, 'b'],
    [open.pk, 'c'],
  ] as const)
    await accounts.connectSocialAccount(
      { account: directory.SocialAccount.fromPartial({ user, source: pk, uid, display: uid }) },
      origin,
    );
  const basic = `${given.username}:${given.password}`;
  const { body } = await rest('GET', SOCIAL, undefined, { basic });
  const minute = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  const account = { provider: 'elsewhere', id: expect.any(Number), last_login: minute, date_joined: minute };
  expect(body).toEqual([
    { ...account, uid: 'a' },
    { ...account, uid: 'b' },
  ]);
  const [{ id }, { id: other }] = Object(body);
  expect(id).not.toBe(other);
  expect((await rest('GET', `${SOCIAL}?limit=1`, undefined, { basic })).body).toMatchObject({ count: 2 });

  const disconnect = (key: unknown, sent: object = { basic }) =>
    rest('POST', `${SOCIAL}${key}/disconnect/`, { code: 'x' }, sent);
  const [foreign] = await house.sql('select number from directory.social_account where uid = $1', ['c']);
  expect((await disconnect(Object(foreign).number)).status).toBe(404);
  const done = await disconnect(id);
  expect([done.status, done.body]).toEqual([200, {}]);
  expect((await disconnect(id)).status).toBe(404);

  const { body: token } = await rest('GET', '/api/user/token/', undefined, { basic });
  const sent = { token: String(Object(token).token) };
  const take = 'delete from auth.password where user_pk = $1 returning *';
  const [password] = await house.sql(take, [given.pk]);
  const refused = await disconnect(other, sent);
  expect([refused.status, refused.body]).toEqual([400, { non_field_errors: ['Your account has no password set up.'] }]);
  expect(password).toBeDefined();
});
