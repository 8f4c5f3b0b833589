import { DEFAULT_TENANT } from '@postern/database';
import { auth, events } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import { factsOf, type Person } from '../testing/directory.fixture.ts';

const house = await anAuth();
const { tokens, people, asUser } = house;
const MINUTE = 60_000;

/** A tenant with an administrator and a member. */
function aTown() {
  const { tenant } = aTenant();
  const admin = people.add(tenant, 'admin', { superuser: true });
  const member = people.add(tenant, 'member');
  return { tenant, admin, member, asAdmin: asUser(tenant, admin), asMember: asUser(tenant, member) };
}

function resolve(tenant: string, bearer: string) {
  return house.principals.resolvePrincipal({ bearer }, house.asService(tenant, 'gateway'));
}

const INVALID = { code: 'UNAUTHENTICATED', message: 'Token invalid/expired' };
const api = { intent: 'api', expiring: true };

describe('creating a token', () => {
  it('refuses nobody, other intents, a name that is taken, and an owner who does not exist', async () => {
    const { tenant, asAdmin } = aTown();
    const create = (token: object) => tokens.createToken({ token: { identifier: 'a', ...api, ...token } }, asAdmin);
    await refusal(tokens.createToken({ token: { identifier: 'a' } }, house.as({ kind: 'anonymous', tenant })), {
      code: 'UNAUTHENTICATED',
    });
    for (const intent of ['verification', 'recovery']) {
      await refusal(create({ intent }), {
        violations: [{ field: 'intent', description: `Invalid intent ${intent}` }],
      });
    }
    await refusal(create({ intent: 'other' }), { code: 'INVALID_ARGUMENT' });
    await refusal(create({ identifier: 'no spaces' }), { code: 'INVALID_ARGUMENT' });
    await refusal(create({ user: 4711 }), {
      violations: [{ field: 'user', description: 'Invalid pk "4711" - object does not exist.' }],
    });
    await create({});
    await refusal(create({}), {
      violations: [{ field: 'identifier', description: 'Token with this identifier already exists.' }],
    });
    expect((await tokens.listTokens({}, asAdmin)).pagination?.count).toBe(1);
  });

  it('gives it to the caller for half an hour, shows no key, and tells of it', async () => {
    const { tenant, member, asMember } = aTown();
    const token = await tokens.createToken({ token: { identifier: 'mine', ...api } }, asMember);
    expect(token).toMatchObject({ intent: 'api', user: member.pk, expiring: true, user_obj: { username: 'member' } });
    expect(new Date(token.expires ?? 0).getTime()).toBe(house.clock.now().getTime() + 30 * MINUTE);
    expect(JSON.stringify(token)).not.toContain('key');
    const [created] = await house.published(tenant, 'auth.v1.token.created', events.ModelChanged);
    expect(created).toMatchObject({ payload: { model: 'authentik_core.token', pk: token.pk } });
  });

  it('lets only superusers choose the owner, that it never ends, and what the platform keeps it by', async () => {
    const { admin, member, asMember, asAdmin } = aTown();
    const wanted = { user: admin.pk, expiring: false, managed: 'goauthentik.io/x', intent: 'api' };
    const own = await tokens.createToken({ token: { identifier: 'own', ...wanted } }, asMember);
    expect(own).toMatchObject({ user: member.pk, expiring: true, managed: undefined });
    const given = await tokens.createToken({ token: { identifier: 'given', ...wanted, user: member.pk } }, asAdmin);
    expect(given).toMatchObject({ user: member.pk, expiring: false, managed: 'goauthentik.io/x' });
    const long = { identifier: 'long', ...wanted, managed: 'x'.repeat(256) };
    await expect(tokens.createToken({ token: long }, asAdmin)).rejects.toMatchObject({
      violations: [{ field: 'managed' }],
    });
  });

  it('makes tokens that do not end for those whose attribute says so', async () => {
    const { tenant } = aTown();
    const robot = people.add(tenant, 'robot', { attributes: { 'goauthentik.io/user/token-expires': false } });
    const token = await tokens.createToken({ token: { identifier: 'r', ...api } }, asUser(tenant, robot));
    expect(token.expiring).toBe(false);
  });
});

describe('somebody else’s token', () => {
  it('does not exist for those who are neither its owner nor superusers, nor in another tenant', async () => {
    const { asAdmin, asMember } = aTown();
    await tokens.createToken({ token: { identifier: 'theirs', ...api } }, asAdmin);
    for (const stranger of [asMember, aTown().asAdmin]) {
      const identifier = 'theirs';
      await refusal(tokens.getToken({ identifier }, stranger), { code: 'NOT_FOUND' });
      const change = { identifier, token: { identifier: 'x' }, update_mask: ['identifier'] };
      await refusal(tokens.updateToken(change, stranger), { code: 'NOT_FOUND' });
      await refusal(tokens.deleteToken({ identifier }, stranger), { code: 'NOT_FOUND' });
      await refusal(tokens.viewTokenKey({ identifier }, stranger), { code: 'NOT_FOUND' });
      await refusal(tokens.listTokenUsedBy({ identifier }, stranger), { code: 'NOT_FOUND' });
      expect((await tokens.listTokens({}, stranger)).results).toEqual([]);
    }
    await refusal(tokens.setTokenKey({ identifier: 'theirs', key: 'x' }, asMember), { code: 'PERMISSION_DENIED' });
    await refusal(tokens.setTokenKey({ identifier: 'theirs', key: 'x' }, aTown().asAdmin), { code: 'NOT_FOUND' });
  });
});

describe('changing a token', () => {
  it('cannot give it to somebody else, or make it last, without being a superuser', async () => {
    const { admin, member, asMember } = aTown();
    await tokens.createToken({ token: { identifier: 't', ...api } }, asMember);
    const token = { identifier: 't', user: admin.pk, expiring: false, managed: 'x' };
    const update_mask = ['identifier', 'user', 'expiring', 'managed'];
    expect(await tokens.updateToken({ identifier: 't', token, update_mask }, asMember)).toMatchObject({
      user: member.pk,
      expiring: true,
      managed: undefined,
    });
  });

  it('keeps what the mask does not name', async () => {
    const { member, asAdmin } = aTown();
    const token = { identifier: 't', user: member.pk, intent: 'app_password', expiring: true };
    const before = await tokens.createToken({ token }, asAdmin);
    expect(await tokens.updateToken({ identifier: 't', token: {}, update_mask: [] }, asAdmin)).toEqual(before);
    const change = { identifier: 't', token: { description: 'new' }, update_mask: ['description'] };
    expect(await tokens.updateToken(change, asAdmin)).toMatchObject({
      user: member.pk,
      intent: 'app_password',
      expiring: true,
      description: 'new',
    });
  });

  it('refuses to take the identifier of another', async () => {
    const { asAdmin } = aTown();
    for (const identifier of ['a', 'b']) await tokens.createToken({ token: { identifier, ...api } }, asAdmin);
    const change = { identifier: 'a', token: { identifier: 'b' }, update_mask: ['identifier'] };
    await refusal(tokens.updateToken(change, asAdmin), { violations: [{ field: 'identifier' }] });
  });
});

describe('the list', () => {
  it('filters, searches and orders, also by the name of the owner', async () => {
    const { tenant, member, asAdmin } = aTown();
    const token = { ...api, expires: '2031-05-04T03:02:01.000Z' };
    await tokens.createToken({ token: { ...token, identifier: 'zz', description: 'backup' } }, asAdmin);
    await tokens.createToken(
      { token: { ...token, identifier: 'aa', user: member.pk, intent: 'app_password' } },
      asAdmin,
    );
    const found = async (request: object) =>
      (await tokens.listTokens(request, asAdmin)).results.map(({ identifier }) => identifier);
    expect(await found({})).toEqual(['aa', 'zz']);
    expect(await found({ ordering: '-identifier' })).toEqual(['zz', 'aa']);
    expect(await found({ ordering: 'user__username' })).toEqual(['zz', 'aa']);
    expect(await found({ user_username: 'member' })).toEqual(['aa']);
    expect(await found({ intent: 'app_password' })).toEqual(['aa']);
    expect(await found({ search: 'backup admin' })).toEqual(['zz']);
    expect(await found({ expires: '2031-05-04T03:02:01Z', expiring: true })).toEqual(['aa', 'zz']);
    expect(await found({ managed: 'nothing' })).toEqual([]);
    await refusal(tokens.listTokens({ page: '7' }, asAdmin), { reason: 'INVALID_PAGE' });
    const own = await tokens.listTokens({}, asUser(tenant, member));
    expect(own.results.map(({ expires, user_obj }) => [expires, user_obj?.username])).toEqual([
      ['2031-05-04T03:02:01.000Z', 'member'],
    ]);
  });
});

describe('the key of a token', () => {
  it('is shown or not there while the token is being deleted, and nothing in between', async () => {
    const { asAdmin } = aTown();
    const identifiers = Array.from({ length: 60 }, (_, index) => `brief-${index}`);
    for (const identifier of identifiers) await tokens.createToken({ token: { identifier, ...api } }, asAdmin);
    const codeOf = (error: { code: string }) => error.code;
    const shown = ({ key }: { key: string }) => (key === '' ? 'empty' : 'shown');
    const codes = await Promise.all(
      identifiers.flatMap((identifier) => [
        tokens.viewTokenKey({ identifier }, asAdmin).then(shown, codeOf),
        tokens.deleteToken({ identifier }, asAdmin).then(() => 'shown', codeOf),
        tokens.viewTokenKey({ identifier }, asAdmin).then(shown, codeOf),
      ]),
    );
    expect(codes.filter((code) => code !== 'shown' && code !== 'NOT_FOUND')).toEqual([]);
  });
});

describe('presenting a token', () => {
  async function presented(given: object = {}, owner: object = {}) {
    const { tenant, asAdmin } = aTown();
    const person = people.add(tenant, 'holder', owner);
    const token = { identifier: 'p', ...api, user: person.pk, ...given };
    await tokens.createToken({ token }, asAdmin);
    const { key } = await tokens.viewTokenKey({ identifier: 'p' }, asAdmin);
    return { tenant, person, asAdmin, key };
  }

  it('refuses alike what is unknown, expired, meant for something else, of another tenant or of an inactive user', async () => {
    const expired = await presented({ expires: new Date(house.clock.now().getTime() - 1).toISOString() });
    const password = await presented({ intent: 'app_password' });
    const inactive = await presented();
    inactive.person.is_active = false;
    const gone = await presented();
    people.remove(gone.tenant, gone.person.pk);
    const elsewhere = await presented();
    const cases: [string, string][] = [
      [expired.tenant, 'unknown'],
      [expired.tenant, expired.key],
      [password.tenant, password.key],
      [inactive.tenant, inactive.key],
      [gone.tenant, gone.key],
      [aTenant().tenant, elsewhere.key],
      [expired.tenant, 'head.body.signature'],
    ];
    for (const [tenant, key] of cases) await refusal(resolve(tenant, key), INVALID);
    // Whoever finds an expired key cannot take the token away from its owner.
    expect((await tokens.listTokens({}, expired.asAdmin)).results).toHaveLength(1);
  });

  it('answers with a principal that lives for seconds, with what the directory says now', async () => {
    const { tenant, key, person } = await presented();
    person.permissions = ['authentik_core.view_user'];
    const answer = await resolve(tenant, key);
    expect(answer).toMatchObject({ via: 'api_token', superuser: false, user: { username: 'holder' } });
    expect(house.sealer.openPrincipal(answer.principal)).toMatchObject({
      kind: 'user',
      tenant,
      permissions: ['authentik_core.view_user'],
    });
    expect(new Date(answer.expires ?? 0).getTime() - house.clock.now().getTime()).toBe(15_000);
  });

  it('stops at once when the key is replaced or the token is deleted', async () => {
    const { tenant, key, asAdmin } = await presented();
    await tokens.setTokenKey({ identifier: 'p', key: 'a-new-key' }, asAdmin);
    await refusal(resolve(tenant, key), INVALID);
    expect((await resolve(tenant, 'a-new-key')).via).toBe('api_token');
    await tokens.deleteToken({ identifier: 'p' }, asAdmin);
    await refusal(resolve(tenant, 'a-new-key'), INVALID);
    await house.published(tenant, 'auth.v1.token.deleted', events.ModelChanged);
  });

  it('lets an access token pass that has the scope of the API, and no other', async () => {
    const { tenant, person } = await presented();
    people.accessTokens.set('a.b.c', { user: person.pk, scopes: ['openid', 'goauthentik.io/api'] });
    people.accessTokens.set('d.e.f', { user: person.pk, scopes: ['openid', 'goauthentik.io/api/more'] });
    await refusal(resolve(tenant, 'd.e.f'), INVALID);
    expect(await resolve(tenant, 'a.b.c')).toMatchObject({ via: 'oauth2', user: { username: 'holder' } });
    person.is_active = false;
    await refusal(resolve(tenant, 'a.b.c'), INVALID);
  });
});

describe('the secret of a token', () => {
  it('is shown to its owner and to holders of the permission, and each look is told', async () => {
    const { tenant, member, asMember } = aTown();
    const auditor = people.add(tenant, 'auditor', { permissions: ['authentik_core.view_token_key'] });
    await tokens.createToken({ token: { identifier: 's', ...api } }, asMember);
    const { key } = await tokens.viewTokenKey({ identifier: 's' }, asMember);
    expect(key).toMatch(/^[A-Za-z0-9]{60}$/);
    expect((await tokens.viewTokenKey({ identifier: 's' }, asUser(tenant, auditor))).key).toBe(key);
    for (const viewer of [member, auditor]) {
      expect(await house.published(tenant, 'auth.v1.token.viewed', auth.TokenViewed, viewer)).toHaveLength(1);
    }
  });

  it('is shown and set by no permission over who may do more, nor by one on another token', async () => {
    const { tenant, member, asMember, asAdmin } = aTown();
    const BOTH = ['authentik_core.view_token_key', 'authentik_core.set_token_key'];
    const clerk = people.add(tenant, 'clerk', { permissions: BOTH });
    const asClerk = asUser(tenant, clerk);
    for (const [identifier, origin] of [
      ['of-admin', asAdmin],
      ['of-member', asMember],
    ] as const) {
      await tokens.createToken({ token: { identifier, ...api } }, origin);
    }
    const beyond = { code: 'PERMISSION_DENIED', reason: 'RIGHTS_BEYOND_YOURS' };
    const set = (identifier: string) => tokens.setTokenKey({ identifier, key: 'k'.repeat(40) }, asClerk);
    await refusal(tokens.viewTokenKey({ identifier: 'of-admin' }, asClerk), beyond);
    await refusal(set('of-admin'), beyond);
    await set('of-member');
    expect((await tokens.viewTokenKey({ identifier: 'of-member' }, asClerk)).key).toBe('k'.repeat(40));
    member.permissions.push('authentik_rbac.view_role');
    await refusal(set('of-member'), { ...beyond, metadata: { permission: 'authentik_rbac.view_role' } });
  });

  it('is shown and set by who holds the permission on that token alone', async () => {
    const { tenant, asMember } = aTown();
    const keeper = people.add(tenant, 'keeper');
    const asKeeper = asUser(tenant, keeper);
    const made = await tokens.createToken({ token: { identifier: 'kept', ...api } }, asMember);
    await tokens.createToken({ token: { identifier: 'not-kept', ...api } }, asMember);
    const set = (identifier: string) => tokens.setTokenKey({ identifier, key: 'k'.repeat(41) }, asKeeper);
    await refusal(set('kept'), { code: 'PERMISSION_DENIED' });
    await refusal(tokens.viewTokenKey({ identifier: 'kept' }, asKeeper), { code: 'NOT_FOUND' });
    await house.sql(
      `insert into object_grant (tenant_id, permission, model, object_pk, user_pk)
       select $1, permission, 'authentik_core.token', $2, $3 from unnest($4::text[]) as permission`,
      [tenant, made.pk, keeper.pk, ['authentik_core.view_token_key', 'authentik_core.set_token_key']],
    );
    await set('kept');
    expect((await tokens.viewTokenKey({ identifier: 'kept' }, asKeeper)).key).toBe('k'.repeat(41));
    await refusal(set('not-kept'), { code: 'PERMISSION_DENIED' });
    await refusal(tokens.viewTokenKey({ identifier: 'not-kept' }, asKeeper), { code: 'NOT_FOUND' });
  });

  it('stands nowhere in the clear', async () => {
    const { asMember } = aTown();
    await tokens.createToken({ token: { identifier: 'sealed', ...api } }, asMember);
    const { key } = await tokens.viewTokenKey({ identifier: 'sealed' }, asMember);
    const rows = await house.sql(
      "select t::text as text from token t union all select encode(envelope, 'escape') from outbox",
    );
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('cannot be set to nothing, to too much, or to that of another token', async () => {
    const { asAdmin } = aTown();
    for (const identifier of ['one', 'two']) await tokens.createToken({ token: { identifier, ...api } }, asAdmin);
    const { key } = await tokens.viewTokenKey({ identifier: 'one' }, asAdmin);
    for (const wrong of ['', 'x'.repeat(4097), key]) {
      await refusal(tokens.setTokenKey({ identifier: 'two', key: wrong }, asAdmin), { violations: [{ field: 'key' }] });
    }
  });
});

describe('the app password of a service account', () => {
  it('is created for a user whom this service does not know yet, and once', async () => {
    const { tenant, asAdmin } = aTown();
    const user = factsOf(people.add(tenant, 'svc', { type: 'service_account' }));
    const directory = house.asService(tenant);
    await refusal(house.credentials.createServiceToken({ user, identifier: 'svc', expiring: true }, asAdmin), {
      code: 'PERMISSION_DENIED',
    });
    const { key } = await house.credentials.createServiceToken({ user, identifier: 'svc', expiring: true }, directory);
    expect(key).toHaveLength(60);
    await refusal(house.credentials.createServiceToken({ user, identifier: 'svc', expiring: true }, directory), {
      reason: 'TOKEN_IDENTIFIER_TAKEN',
    });
    const { results } = await tokens.listTokens({}, asAdmin);
    const days = (new Date(results[0]?.expires ?? 0).getTime() - house.clock.now().getTime()) / (24 * 60 * MINUTE);
    expect(results[0]).toMatchObject({ intent: 'app_password', user: user.pk });
    expect(days).toBe(360);
  });

  it('signs in where the flow takes it, as itself only, and is masked in what is told', async () => {
    const owner: Person = people.add(DEFAULT_TENANT, 'appuser');
    people.add(DEFAULT_TENANT, 'appother');
    const directory = house.asService(DEFAULT_TENANT);
    const request = { user: factsOf(owner), identifier: 'app', expiring: true };
    const { key } = await house.credentials.createServiceToken(request, directory);
    expect(await house.browser(DEFAULT_TENANT).signIn('appother', key)).toMatchObject({
      component: 'ak-stage-password',
    });
    const browser = house.browser(DEFAULT_TENANT);
    expect(await browser.signIn('appuser', key)).toMatchObject({ to: '/' });
    const subject = 'auth.v1.session.created';
    const [created] = await house.published(DEFAULT_TENANT, subject, auth.SessionCreated, owner);
    expect(created?.payload).toMatchObject({ method: 'token', method_args: { token: { model_name: 'token' } } });
  });
});
