import { expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const { as, clock, service, serviceAccounts, subjects, tenant, users } = await servedDirectory();

const account = {
  owner: 'oauth2/12',
  username: 'ak-web-client_credentials',
  name: 'Web',
  path: 'goauthentik.io/apps/web',
};
const keep = (of: string, values: object = {}) =>
  serviceAccounts.keepServiceAccount({ ...account, ...values }, service(of));
const TAKEN = { reason: 'SERVICE_ACCOUNT_NAME_TAKEN' };

it('refuses people, whatever they may do', async () => {
  await expect(serviceAccounts.keepServiceAccount(account, as(tenant()))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
});

it('never hands out an account that was not made for who asks, whatever it is called', async () => {
  const own = tenant();
  const person = { username: account.username, name: '', groups: [], email: '', path: 'users', is_active: true };
  await users.createUser({ user: { ...person, type: 'internal' } }, as(own));
  await expect(keep(own)).rejects.toMatchObject(TAKEN);
  const other = tenant();
  const attributes = { 'goauthentik.io/user/generated': true };
  await users.createUser({ user: { ...person, type: 'service_account', attributes } }, as(other));
  await expect(keep(other)).rejects.toMatchObject(TAKEN);
  const third = tenant();
  await keep(third);
  await expect(keep(third, { owner: 'oauth2/13' })).rejects.toMatchObject(TAKEN);
});

it('makes an account once, tells of it, and finds it again', async () => {
  const own = tenant();
  const { user, created } = await keep(own, { expires: new Date(clock.now().getTime() + 60_000).toISOString() });
  expect(created).toBe(true);
  expect(await keep(own, { signed_in: true })).toEqual({ user, created: false });
  expect(await subjects(own)).toEqual(['directory.v1.user.created']);
  const shown = await users.getUser({ id: user }, as(own));
  expect(shown).toMatchObject({ username: account.username, type: 'service_account', path: account.path });
  expect(shown.last_login).toBeDefined();
  expect(shown.attributes).toMatchObject({
    'goauthentik.io/user/generated': true,
    'goauthentik.io/user/expires': Math.floor(clock.now().getTime() / 1000) + 60,
  });
});

it('makes one account for those who ask at the same moment, and gives it to all of them', async () => {
  const own = tenant();
  const kept = await Promise.all(Array.from({ length: 10 }, () => keep(own)));
  expect(new Set(kept.map(({ user }) => user)).size).toBe(1);
  expect(kept.filter(({ created }) => created)).toHaveLength(1);
});
