import { PosternError } from '@postern/errors';
import { auth, directory } from '@postern/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { users, groups, brands, around, as, tenant: aTenant } = served;
const plain = { name: '', is_active: true, path: 'users', type: 'internal' };

beforeEach(() => {
  around.tokens.length = 0;
  around.passwords.length = 0;
  around.queries.length = 0;
  around.failure = undefined;
});

describe('me', () => {
  it('adds settings up from brand, groups and user, and lists groups with their ancestors', async () => {
    const tenant = aTenant();
    const settings = (values: object) => ({ attributes: { settings: values } });
    await brands.createBrand(
      { brand: { ...aBrand('example.com'), ...settings({ locale: 'en', theme: { base: 'light' } }) } },
      as(tenant),
    );
    const top = await groups.createGroup(
      { group: { name: 'top', ...settings({ locale: 'fr', list: [1] }) } },
      as(tenant),
    );
    const below = await groups.createGroup(
      { group: { name: 'below', parent: top.pk, ...settings({ list: [0] }) } },
      as(tenant),
    );
    const user = await users.createUser(
      { user: { ...plain, username: 'ada', groups: [below.pk], ...settings({ theme: { card: 'x' } }) } },
      as(tenant),
    );
    const { user: me, original } = await users.getMe({}, as(tenant, { pk: user.pk, permissions: [] }));
    expect(me).toEqual({
      pk: user.pk,
      username: 'ada',
      name: '',
      is_active: true,
      is_superuser: false,
      groups: [
        { name: 'below', pk: below.pk },
        { name: 'top', pk: top.pk },
      ],
      email: '',
      avatar: user.avatar,
      uid: user.uid,
      settings: { locale: 'fr', list: [0, 1], theme: { base: 'light', card: 'x' } },
      type: 'internal',
      system_permissions: [],
    });
    expect(original).toBeUndefined();
  });

  it('tells who really acts while they act as somebody else, and lets them make nothing to sign in with', async () => {
    const tenant = aTenant();
    const [ada, admin] = await Promise.all(
      ['ada', 'admin'].map((username) => users.createUser({ user: { ...plain, username } }, as(tenant))),
    );
    const { pk = 0, uuid = '', username = '', name = '', email = '' } = admin ?? {};
    const permissions = ['authentik_core.reset_user_password', 'authentik_core.add_user', 'authentik_core.add_token'];
    const acting = as(tenant, { pk: ada?.pk, permissions, impersonator: { pk, uuid, username, name, email } });
    expect(await users.getMe({}, acting)).toMatchObject({
      user: { pk: ada?.pk, username: 'ada' },
      original: { pk, username: 'admin' },
    });
    const denied = { code: 'PERMISSION_DENIED' };
    await expect(users.setPassword({ id: ada?.pk, password: 'planted' }, acting)).rejects.toMatchObject(denied);
    await expect(users.createServiceAccount({ name: 'planted' }, acting)).rejects.toMatchObject(denied);
    expect([around.passwords, around.tokens]).toEqual([[], []]);
  });

  it('knows what a superuser may do in the administration, and refuses whoever is gone', async () => {
    const tenant = aTenant();
    const admins = await groups.createGroup({ group: { name: 'admins', is_superuser: true } }, as(tenant));
    const user = await users.createUser({ user: { ...plain, username: 'root', groups: [admins.pk] } }, as(tenant));
    const { user: me } = await users.getMe({}, as(tenant, { pk: user.pk }));
    expect(me?.system_permissions).toContain('access_admin_interface');
    await expect(users.getMe({}, as(aTenant(), { pk: user.pk }))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('the account of a program', () => {
  const request = { name: 'My Bot', create_group: true, expiring: true };

  it('comes with a token of auth and a group of its own', async () => {
    const tenant = aTenant();
    const answer = await users.createServiceAccount(request, as(tenant));
    const user = await users.getUser({ id: answer.user_pk }, as(tenant));
    expect(answer).toEqual({
      username: 'My Bot',
      token: 'the secret',
      user_uid: user.uid,
      user_pk: user.pk,
      group_pk: user.groups[0],
    });
    expect(user).toMatchObject({
      type: 'service_account',
      path: 'goauthentik.io/service-accounts',
      attributes: { 'goauthentik.io/user/token-expires': true },
      groups_obj: [{ name: 'My Bot' }],
    });
    expect(around.tokens).toMatchObject([
      { user: { pk: user.pk, uuid: user.uuid }, identifier: 'service-account-my-bot-password', expiring: true },
    ]);
  });

  it('has a token of its own even where its name has no Latin letters', async () => {
    const tenant = aTenant();
    const names = ['Сервис', ' 服务 '];
    const made = await Promise.all(names.map((name) => users.createServiceAccount({ ...request, name }, as(tenant))));
    expect(made.map(({ username }) => username)).toEqual(['Сервис', '服务']);
    const expected = made.map(({ user_pk }) => `service-account-${user_pk}-password`).sort();
    expect(around.tokens.map(({ identifier }) => identifier).sort()).toEqual(expected);
  });

  it('leaves nothing behind when the token cannot be made', async () => {
    const tenant = aTenant();
    const fields = { domain: 'auth.tokens', message: 'taken', code: 'ALREADY_EXISTS' as const };
    around.failure = new PosternError({ ...fields, reason: 'TOKEN_IDENTIFIER_TAKEN' });
    await expect(users.createServiceAccount(request, as(tenant))).rejects.toMatchObject({
      violations: [{ field: '', reason: 'SERVICE_ACCOUNT_TOKEN_TAKEN' }],
    });
    around.failure = new PosternError({ ...fields, code: 'UNAVAILABLE', reason: 'UNAVAILABLE' });
    await expect(users.createServiceAccount(request, as(tenant))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await users.listUsers({}, as(tenant))).results).toEqual([]);
    expect((await groups.listGroups({}, as(tenant))).results).toEqual([]);
    expect(await served.facts(tenant)).toEqual([]);
  });

  it('needs the permission to add tokens; without that of adding groups there is none', async () => {
    const tenant = aTenant();
    const adder = ['authentik_core.add_user'];
    await expect(users.createServiceAccount(request, as(tenant, { permissions: adder }))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    const permissions = [...adder, 'authentik_core.add_token'];
    const { group_pk } = await users.createServiceAccount(request, as(tenant, { permissions }));
    expect(group_pk).toBeUndefined();
  });

  it.each([
    [{ name: 'taken' }, ''],
    [{ name: 'x'.repeat(151) }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x', expires: '2025-12-31T00:00:00.000Z' }, 'expires'],
  ])('is refused for %j', async (change, field) => {
    const tenant = aTenant();
    await users.createUser({ user: { ...plain, username: 'taken' } }, as(tenant));
    await expect(users.createServiceAccount({ ...request, ...change }, as(tenant))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field }],
    });
    expect(around.tokens).toEqual([]);
  });
});

it('hands passwords to auth, and keeps the session of those who change their own', async () => {
  const tenant = aTenant();
  const user = await users.createUser({ user: { ...plain, username: 'ada' } }, as(tenant));
  await users.setPassword({ id: user.pk, password: 'one' }, as(tenant, { pk: user.pk }));
  await users.setPassword({ id: user.pk, password: 'two' }, as(tenant, { pk: user.pk + 1 }));
  expect(around.passwords).toMatchObject([
    { user: { uuid: user.uuid }, password: 'one', keep_session: 'session-of-the-caller' },
    { password: 'two', keep_session: '' },
  ]);
  await expect(users.setPassword({ id: 999_999, password: 'x' }, as(tenant))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('asks the audit log for what a user did', async () => {
  const tenant = aTenant();
  const { pk } = await users.createUser({ user: { ...plain, username: 'ada' } }, as(tenant));
  const metrics = await users.getUserMetrics({ id: pk }, as(tenant));
  expect(metrics).toMatchObject({ logins: [{ x_cord: 1_700_000_000_000 }], logins_failed: [{}], authorizations: [{}] });
  expect(around.queries.map((query) => JSON.parse(query))).toEqual([
    { action: 'login', user__pk: pk },
    { action: 'login_failed', context__username: 'ada' },
    { action: 'authorize_application', user__pk: pk },
  ]);
});

it('remembers when users signed in last, and never goes back', async () => {
  const tenant = aTenant();
  const { pk } = await users.createUser({ user: { ...plain, username: 'ada' } }, as(tenant));
  const user = directory.UserFacts.fromPartial({ pk });
  const payload = auth.SessionCreated.encode(auth.SessionCreated.fromPartial({ user })).finish();
  for (const occurred_at of ['2026-02-02T00:00:00.000Z', '2026-01-01T00:00:00.000Z']) {
    await served.hear({ subject: 'auth.v1.session.created', payload, occurred_at }, tenant);
  }
  expect((await users.getUser({ id: pk }, as(tenant))).last_login).toBe('2026-02-02T00:00:00.000Z');
});

function aBrand(domain: string) {
  return {
    domain,
    branding_title: 'x',
    branding_logo: 'x',
    branding_favicon: 'x',
    event_retention: 'days=1',
  };
}
