import { randomUUID } from 'node:crypto';
import { DEFAULT_TENANT } from '@postern/database';
import { auth, events, providers } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import type { Person } from '../testing/directory.fixture.ts';

const house = await anAuth();
const { consents, people, clock, sql } = house;
const HOUR = 3_600_000;

function anApplication(name: string): providers.Application {
  const application = providers.Application.fromPartial({ pk: randomUUID(), name, slug: name });
  people.applications.set(application.pk, application);
  return application;
}

/** Somebody who let an application have something, as the consent stage leaves it behind. */
async function aConsent(username: string, given: { tenant?: string; name?: string; lasts?: number } = {}) {
  const { tenant = DEFAULT_TENANT, name = `app of ${username}`, lasts } = given;
  const person = people.add(tenant, username);
  await house.credentials.keepAccount({ user: { ...person, path: '' } }, house.asService(tenant));
  const application = anApplication(name);
  const expires = lasts === undefined ? null : new Date(clock.now().getTime() + lasts);
  const [row] = await sql<{ pk: number }>(
    `insert into user_consent (tenant_id, user_pk, application, permissions, expires)
     values ($1, $2, $3, 'openid email', $4) returning pk`,
    [tenant, person.pk, application.pk, expires],
  );
  return { pk: row?.pk ?? 0, person, application, call: house.asUser(tenant, person) };
}

/** Somebody with a permission. */
const holderOf = (...permissions: string[]): Person =>
  people.add(DEFAULT_TENANT, `holder of ${permissions}`, { permissions });

it('does not exist for strangers, for half a permission, for nobody, nor in another tenant', async () => {
  const { pk } = await aConsent('owner');
  const stranger = await aConsent('stranger');
  const elsewhere = await aConsent('root', { tenant: aTenant().tenant });
  const mayView = house.asUser(DEFAULT_TENANT, holderOf('authentik_core.view_userconsent'));
  const mayDelete = house.asUser(DEFAULT_TENANT, holderOf('authentik_core.delete_userconsent'));
  for (const call of [stranger.call, elsewhere.call, mayDelete]) {
    await refusal(consents.getUserConsent({ id: pk }, call), { code: 'NOT_FOUND' });
    await refusal(consents.listUserConsentUsedBy({ id: pk }, call), { code: 'NOT_FOUND' });
    const { results } = await consents.listUserConsents({ page_size: 1000 }, call);
    expect(results.map((one) => one.pk)).not.toContain(pk);
  }
  for (const call of [stranger.call, elsewhere.call, mayView])
    await refusal(consents.deleteUserConsent({ id: pk }, call), { code: 'NOT_FOUND' });
  const nobody = house.as({ kind: 'anonymous', tenant: DEFAULT_TENANT });
  await refusal(consents.listUserConsents({}, nobody), { code: 'UNAUTHENTICATED' });
  expect((await consents.getUserConsent({ id: pk }, mayView)).pk).toBe(pk);
});

it('is over when its time is, or its application is gone, swept or not', async () => {
  const short = await aConsent('short', { lasts: 0 });
  const orphan = await aConsent('orphan');
  people.applications.delete(orphan.application.pk);
  for (const { pk, call } of [short, orphan]) {
    await refusal(consents.getUserConsent({ id: pk }, call), { code: 'NOT_FOUND' });
    expect((await consents.listUserConsents({}, call)).results).toEqual([]);
  }
  await refusal(consents.deleteUserConsent({ id: short.pk }, short.call), { code: 'NOT_FOUND' });
});

it('shows who let which application have what, with the address that the caller would open', async () => {
  const { pk, person, application, call } = await aConsent('ada', { lasts: HOUR });
  const shown = await consents.getUserConsent({ id: pk }, call);
  expect(shown).toMatchObject({
    pk,
    permissions: 'openid email',
    expires: new Date(clock.now().getTime() + HOUR).toISOString(),
    user: { pk: person.pk, username: 'ada' },
    application: { pk: application.pk, slug: 'app of ada', launch_url: 'https://app.example/ada' },
  });
  const lasting = await aConsent('bob');
  expect((await consents.getUserConsent({ id: lasting.pk }, lasting.call)).expires).toBeUndefined();
});

it('is found by user, application and name, among everyone’s for superusers', async () => {
  const [eve, mallory] = [await aConsent('eve'), await aConsent('mallory')];
  const admin = house.asUser(DEFAULT_TENANT, people.add(DEFAULT_TENANT, 'boss', { superuser: true }));
  const found = async (request: object, call = admin) =>
    (await consents.listUserConsents(request, call)).results.map(({ pk }) => pk);
  expect(await found({ user: eve.person.pk })).toEqual([eve.pk]);
  expect(await found({ application: mallory.application.pk })).toEqual([mallory.pk]);
  expect(await found({ search: 'mallo' })).toEqual([mallory.pk]);
  expect(await found({}, eve.call)).toEqual([eve.pk]);
  expect(await found({ user: mallory.person.pk }, eve.call)).toEqual([]);
});

it('is taken back once, and tells whoever issued something by it, and the audit log', async () => {
  const { pk, person, application, call } = await aConsent('leaver');
  const takings = await Promise.allSettled([1, 2, 3].map(() => consents.deleteUserConsent({ id: pk }, call)));
  expect(takings.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await sql('select 1 from user_consent where pk = $1', [pk])).toEqual([]);
  const revoked = await house.published(DEFAULT_TENANT, 'auth.v1.consent.revoked', auth.ConsentRevoked, person);
  expect(revoked.map(({ payload }) => payload)).toEqual([{ user: person.pk, application: application.pk }]);
  const told = await house.published(DEFAULT_TENANT, 'auth.v1.consent.deleted', events.ModelChanged, person);
  expect(told).toMatchObject([
    { payload: { model: 'authentik_core.userconsent', pk: String(pk), name: 'User consent app of leaver by leaver' } },
  ]);
});
