import { DEFAULT_TENANT } from '@postern/database';
import { auth, events } from '@postern/proto';
import type { ReceivedHead } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import { factsOf, type Person } from '../testing/directory.fixture.ts';

const house = await anAuth();
const { people, impersonation, sql } = house;
const PASSWORD = 'correct horse battery staple';
const IMPERSONATE = 'authentik_core.impersonate';

/** Somebody who signed in with a browser. */
async function aVisitor(username: string, given: object = {}) {
  const person = people.add(DEFAULT_TENANT, username, given);
  const service = house.asService(DEFAULT_TENANT);
  await house.credentials.setUserPassword({ user: factsOf(person), password: PASSWORD }, service);
  const browser = house.browser(DEFAULT_TENANT);
  await browser.signIn(username, PASSWORD);
  const principal = async () => house.sealer.openPrincipal((await browser.resolve()).principal);
  const call = async () => house.as(await principal());
  /** The status of the answer: 204 unless the service says otherwise. */
  const actAs = async (other: Pick<Person, 'pk'>, as = call()) => {
    let head: ReceivedHead | undefined;
    const onHead = (given: ReceivedHead) => {
      head = given;
    };
    await impersonation.startImpersonation({ id: other.pk }, await as, { onHead });
    return head?.status ?? 204;
  };
  return {
    person,
    browser,
    principal,
    call,
    actAs,
    stop: async () => impersonation.endImpersonation({}, await call()),
  };
}

const anAdmin = (username: string) => aVisitor(username, { superuser: true });
let last = 0;
function somebody(given: object = {}): Person {
  last += 1;
  return people.add(DEFAULT_TENANT, `somebody ${last}`, given);
}

describe('acting as somebody else', () => {
  it('takes the permission and a user who exists, and does nothing to whoever holds a token', async () => {
    const [plain, admin] = [await aVisitor('plain'), people.add(DEFAULT_TENANT, 'token holder', { superuser: true })];
    const other = somebody();
    await refusal(impersonation.startImpersonation({ id: other.pk }, await plain.call()), {
      code: 'PERMISSION_DENIED',
    });
    await impersonation.startImpersonation({ id: other.pk }, house.asUser(DEFAULT_TENANT, admin));
    await impersonation.endImpersonation({}, house.asUser(DEFAULT_TENANT, admin));
    expect(await sql('select 1 from session where impersonated_pk is not null')).toEqual([]);
    const boss = await anAdmin('boss');
    await refusal(impersonation.startImpersonation({ id: 999_999 }, await boss.call()), { code: 'NOT_FOUND' });
    expect(await boss.principal()).toMatchObject({ user: { username: 'boss' } });
  });

  it('is refused for oneself, a part of the platform, twice, and where it is switched off', async () => {
    const admin = await anAdmin('twice');
    const [first, second] = [somebody(), somebody({ superuser: true })];
    expect(await admin.actAs(admin.person)).toBe(401);
    expect(await admin.actAs(somebody({ type: 'internal_service_account' }))).toBe(401);
    people.settings.impersonation = false;
    expect(await admin.actAs(first)).toBe(401);
    people.settings.impersonation = true;
    expect(await admin.actAs(second)).toBe(204);
    expect(await admin.actAs(first)).toBe(401);
    expect(await admin.principal()).toMatchObject({ user: { pk: second.pk } });
  });

  it('is no way to more than one may do oneself', async () => {
    const helper = await aVisitor('helper', { permissions: [IMPERSONATE, 'authentik_core.view_user'] });
    expect(await helper.actAs(somebody({ superuser: true }))).toBe(401);
    expect(await helper.actAs(somebody({ permissions: ['authentik_core.delete_user'] }))).toBe(401);
    const other = somebody({ permissions: ['authentik_core.view_user'] });
    expect(await helper.actAs(other)).toBe(204);
    expect(await helper.principal()).toMatchObject({
      user: { pk: other.pk },
      superuser: false,
      permissions: ['authentik_core.view_user'],
      impersonator: { pk: helper.person.pk, username: 'helper' },
    });
    other.permissions.push('authentik_core.delete_user');
    expect(await helper.principal()).toMatchObject({ kind: 'anonymous' });
    other.permissions.pop();
    expect(await helper.principal()).toMatchObject({ user: { pk: other.pk } });
  });

  it('ends by itself with the right to it, with the user, and with the session', async () => {
    const [demoted, orphaned, leaver] = [await anAdmin('demoted'), await anAdmin('orphaned'), await anAdmin('leaver')];
    const others = [somebody(), somebody(), somebody()];
    for (const [index, admin] of [demoted, orphaned, leaver].entries())
      expect(await admin.actAs(others[index] ?? somebody())).toBe(204);
    demoted.person.superuser = false;
    expect(await demoted.principal()).toMatchObject({ kind: 'anonymous' });
    const gone = others[1] ?? somebody();
    people.remove(DEFAULT_TENANT, gone.pk);
    expect(await orphaned.principal()).toMatchObject({ kind: 'anonymous' });
    await house.tell(DEFAULT_TENANT, 'deleted', gone);
    await expect.poll(() => sql('select 1 from session where user_pk = $1', [orphaned.person.pk])).toEqual([]);
    await leaver.browser.signOut();
    expect(await sql('select 1 from session where user_pk = $1', [leaver.person.pk])).toEqual([]);
  });

  it('is told when it begins and when it ends, with who acts and as whom, and begins and ends once', async () => {
    const admin = await anAdmin('teller');
    const other = somebody();
    const themselves = Promise.resolve(await admin.call());
    const begun = await Promise.all([1, 2, 3].map(() => admin.actAs(other, themselves)));
    expect(begun.sort()).toEqual([204, 401, 401]);
    const stops = [admin.stop(), admin.stop(), admin.stop()];
    await Promise.all(stops);
    await admin.stop();
    expect(await admin.principal()).toMatchObject({ user: { username: 'teller' } });
    const recorded = await house.published(
      DEFAULT_TENANT,
      'auth.v1.event.recorded',
      events.EventRecorded,
      admin.person,
    );
    const told = recorded.map(({ payload: { action, app }, actor }) => [action, app, actor?.on_behalf_of?.username]);
    const app = 'authentik.core.api.users';
    expect(told).toEqual([
      ['impersonation_started', app, other.username],
      ['impersonation_ended', app, undefined],
    ]);
    const [ended] = await house.published(
      DEFAULT_TENANT,
      'auth.v1.impersonation.ended',
      auth.ImpersonationEnded,
      admin.person,
    );
    expect(ended?.payload).toMatchObject({ user: other.pk, impersonator: admin.person.pk });
  });

  it('forgets the flow that was under way: it was planned for somebody else', async () => {
    const admin = await anAdmin('planner');
    const plans = () =>
      sql('select 1 from flow_plan p join session s on s.key = p.session where s.user_pk = $1', [admin.person.pk]);
    await admin.browser.call('default-password-change');
    expect(await plans()).toHaveLength(1);
    await admin.actAs(somebody());
    expect(await plans()).toEqual([]);
  });
});

describe('whoever acts as somebody else', () => {
  it('leaves nothing behind to sign in with: no token, no key, no password', async () => {
    const admin = await anAdmin('planter');
    const other = somebody();
    const own = house.asUser(DEFAULT_TENANT, other);
    await house.tokens.createToken({ token: { identifier: 'theirs', intent: 'api' } }, own);
    await admin.actAs(other);
    const acting = await admin.call();
    const refused = { reason: 'IMPERSONATING' };
    const token = { identifier: 'planted', intent: 'app_password' };
    await refusal(house.tokens.createToken({ token }, acting), refused);
    await refusal(house.tokens.viewTokenKey({ identifier: 'theirs' }, acting), refused);
    await refusal(
      house.tokens.updateToken({ identifier: 'theirs', token, update_mask: ['description'] }, acting),
      refused,
    );
    const flow = await admin.browser.call('default-password-change');
    expect(flow).toMatchObject({ component: 'ak-stage-access-denied' });
    expect(await sql("select 1 from token where identifier = 'planted'")).toEqual([]);
    await house.tokens.deleteToken({ identifier: 'theirs' }, acting);
  });

  it('is named by the access token that an application got meanwhile, which is worth nothing afterwards', async () => {
    const admin = await anAdmin('bearer');
    const other = somebody();
    await admin.actAs(other);
    const { session } = await admin.browser.resolve();
    const scopes = ['goauthentik.io/api'];
    people.accessTokens.set('a.b.theirs', { user: other.pk, scopes, session });
    people.accessTokens.set('a.b.own', { user: admin.person.pk, scopes, session });
    const resolve = async (bearer: string) => {
      const { principal } = await house.principals.resolvePrincipal(
        { bearer },
        house.asService(DEFAULT_TENANT, 'gateway'),
      );
      return house.sealer.openPrincipal(principal);
    };
    expect(await resolve('a.b.theirs')).toMatchObject({
      user: { pk: other.pk },
      superuser: false,
      impersonator: { username: 'bearer' },
    });
    const own = await resolve('a.b.own');
    expect(own).toMatchObject({ user: { username: 'bearer' }, superuser: true });
    expect(own).not.toHaveProperty('impersonator');
    await admin.stop();
    await refusal(resolve('a.b.theirs'), { reason: 'CREDENTIALS_INVALID' });
    expect(await resolve('a.b.own')).toMatchObject({ user: { username: 'bearer' } });
  });

  it('is named by what services are told of the session, and by every fact', async () => {
    const admin = await anAdmin('named');
    const other = somebody();
    await house.tokens.createToken(
      { token: { identifier: 'named', intent: 'api' } },
      house.asUser(DEFAULT_TENANT, other),
    );
    await admin.actAs(other);
    const { session } = await admin.browser.resolve();
    const facts = await house.sessionDirectory.getSessionFacts(
      { session },
      house.asService(DEFAULT_TENANT, 'providers'),
    );
    expect(facts).toMatchObject({ user: { pk: other.pk }, impersonator: { pk: admin.person.pk } });
    await house.tokens.deleteToken({ identifier: 'named' }, await admin.call());
    const deleted = await house.published(DEFAULT_TENANT, 'auth.v1.token.deleted', events.ModelChanged, admin.person);
    expect(deleted.map(({ actor }) => [actor?.user?.username, actor?.on_behalf_of?.username])).toEqual([
      ['named', other.username],
    ]);
  });
});
