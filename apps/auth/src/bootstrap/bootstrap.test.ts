import { DEFAULT_TENANT, seedId } from '@postern/database';
import { aTenant, TEST_SECRET } from '@postern/testkit';
import { expect, it } from 'vitest';
import { setupPath } from '../index.ts';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import type { Person } from '../testing/directory.fixture.ts';

const TOKEN = 'a-key-that-the-operator-chose';
const env = { POSTERN_BOOTSTRAP_PASSWORD: 'chosen at the start', POSTERN_BOOTSTRAP_TOKEN: TOKEN };
const house = await anAuth(env);
const SETUP = 'initial-setup';

/** The administrator whom the directory gives a tenant. */
function anAdmin(tenant: string): Person {
  const uuid = seedId(tenant, 'authentik_core.user', 'akadmin');
  return house.people.add(tenant, 'akadmin', { superuser: true, uuid });
}

async function announced(tenant: string, person: Person) {
  await house.tell(tenant, 'created', person);
  await expect.poll(() => house.sql('select 1 from account where pk = $1', [person.pk])).toHaveLength(1);
}

const resolve = (tenant: string) =>
  house.principals.resolvePrincipal({ bearer: TOKEN }, house.asService(tenant, 'gateway'));

it('gives nothing to other tenants, other users, or somebody who takes the name', async () => {
  const { tenant } = aTenant();
  await announced(tenant, anAdmin(tenant));
  await announced(DEFAULT_TENANT, house.people.add(DEFAULT_TENANT, 'somebody'));
  const impostor = house.people.add(DEFAULT_TENANT, 'akadmin');
  await announced(DEFAULT_TENANT, impostor);
  for (const one of [tenant, DEFAULT_TENANT]) await refusal(resolve(one), { code: 'UNAUTHENTICATED' });
  expect(await house.sql('select 1 from password')).toEqual([]);
  house.people.remove(DEFAULT_TENANT, impostor.pk);
  await house.tell(DEFAULT_TENANT, 'deleted', impostor);
  await expect.poll(() => house.sql('select 1 from account where pk = $1', [impostor.pk])).toEqual([]);
});

it('opens the set-up to nobody without the link', async () => {
  for (const query of ['', 'token=', 'token=guess']) {
    const answer = await house.browser(DEFAULT_TENANT).call(SETUP, undefined, query);
    expect(answer).toMatchObject({ component: 'ak-stage-access-denied' });
  }
});

it('gives the default administrator password and token once, and never again', async () => {
  const admin = anAdmin(DEFAULT_TENANT);
  await announced(DEFAULT_TENANT, admin);
  const browser = house.browser(DEFAULT_TENANT);
  expect(await browser.signIn('akadmin', env.POSTERN_BOOTSTRAP_PASSWORD)).toMatchObject({ to: '/' });
  expect(await resolve(DEFAULT_TENANT)).toMatchObject({ superuser: true, user: { username: 'akadmin' } });
  const request = { user: { ...admin }, password: 'another' };
  await house.credentials.setUserPassword(request, house.asService(DEFAULT_TENANT));
  await house.tell(DEFAULT_TENANT, 'created', admin);
  const marker = house.people.add(DEFAULT_TENANT, 'marker');
  await announced(DEFAULT_TENANT, marker);
  const again = house.browser(DEFAULT_TENANT);
  expect(await again.signIn('akadmin', env.POSTERN_BOOTSTRAP_PASSWORD)).toMatchObject({
    component: 'ak-stage-password',
  });
  expect(await house.browser(DEFAULT_TENANT).signIn('akadmin', 'another')).toMatchObject({ to: '/' });
});

it('lets the link of the log choose the first password, as long as there is none', async () => {
  const query = setupPath(TEST_SECRET).split('?')[1];
  const closed = await house.browser(DEFAULT_TENANT).call(SETUP, undefined, query);
  expect(closed).toMatchObject({ component: 'ak-stage-access-denied' });
  await house.sql('delete from password where user_pk in (select pk from account where username = $1)', ['akadmin']);
  const open = await house.browser(DEFAULT_TENANT).call(SETUP, undefined, query);
  expect(open).toMatchObject({ component: 'ak-stage-prompt' });
  const other = setupPath(TEST_SECRET, aTenant().tenant).split('?')[1];
  expect(await house.browser(DEFAULT_TENANT).call(SETUP, undefined, other)).toMatchObject({
    component: 'ak-stage-access-denied',
  });
});
