import { expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const { licences, users, as, anonymous, tenant: aTenant } = await servedDirectory();
const UUID = '0197c0de-0000-7000-8000-00000000ffff';

it('has no licence, takes none, and permits everything', async () => {
  const caller = as(aTenant());
  expect(await licences.listLicenses({}, caller)).toMatchObject({
    pagination: { count: 0, total_pages: 1 },
    results: [],
  });
  await expect(licences.createLicense({ license: { key: 'x' } }, caller)).rejects.toMatchObject({
    violations: [{ field: 'key', description: 'Unable to verify license' }],
  });
  for (const asked of [
    licences.getLicense({ license_uuid: UUID }, caller),
    licences.deleteLicense({ license_uuid: UUID }, caller),
    licences.listLicenseUsedBy({ license_uuid: UUID }, caller),
    licences.listLicenses({ page: '2' }, caller),
  ])
    await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await licences.getLicenseSummary({}, caller)).toMatchObject({
    valid: true,
    has_license: false,
    read_only: false,
    show_user_warning: false,
  });
});

it('counts people, and names the installation', async () => {
  const tenant = aTenant();
  const add = (username: string, type: string) =>
    users.createUser({ user: { username, name: '', is_active: true, path: 'users', type } }, as(tenant));
  await Promise.all([add('ada', 'internal'), add('bob', 'internal'), add('guest', 'external')]);
  expect(await licences.getLicenseForecast({}, as(tenant))).toEqual({
    internal_users: 2,
    external_users: 0,
    forecasted_internal_users: 24,
    forecasted_external_users: 0,
  });
  const { install_id } = await licences.getInstallId({}, as(tenant));
  expect(install_id).toMatch(/^[0-9a-f-]{36}$/);
});

it('is asked by who may, and its summary by everybody who is signed in', async () => {
  const tenant = aTenant();
  const nobody = as(tenant, { permissions: [] });
  await expect(licences.listLicenses({}, nobody)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(licences.getInstallId({}, nobody)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  expect((await licences.getLicenseSummary({}, nobody)).valid).toBe(true);
  await expect(licences.getLicenseSummary({}, anonymous(tenant))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});
