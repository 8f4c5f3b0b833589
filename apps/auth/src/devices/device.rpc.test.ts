import { events } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';

const house = await anAuth();
const { people, asUser, totpDevices, staticDevices, webAuthnDevices, devices } = house;

const NOT_FOUND = { code: 'NOT_FOUND' };

/** A tenant with an administrator, and two people with a device each. */
async function aTown() {
  const { tenant } = aTenant();
  const admin = people.add(tenant, 'admin', { superuser: true });
  const [alice, bob] = [people.add(tenant, 'alice'), people.add(tenant, 'bob')];
  const keep = async (person: typeof alice, cls: string, confirmed = true) => {
    await house.tell(tenant, 'created', person);
    await expect.poll(() => house.sql('select 1 from account where pk = $1', [person.pk])).toHaveLength(1);
    const [row] = await house.sql<{ pk: number }>(
      `insert into device (tenant_id, user_pk, class, name, secret, confirmed) values ($1, $2, $3, $4, 'v1.sealed', $5) returning pk`,
      [tenant, person.pk, cls, `${cls} of ${person.username}`, confirmed],
    );
    return row?.pk ?? 0;
  };
  const as = { admin: asUser(tenant, admin), alice: asUser(tenant, alice), bob: asUser(tenant, bob) };
  return { tenant, admin, alice, bob, as, keep, ofAlice: await keep(alice, 'totp'), ofBob: await keep(bob, 'totp') };
}

describe('devices of their owner', () => {
  it('hides those of others, and those of other classes and tenants, from reading, renaming and deleting', async () => {
    const { as, ofAlice, ofBob, admin, tenant } = await aTown();
    const own = asUser(tenant, admin);
    for (const [id, caller] of [
      [ofBob, as.alice],
      [ofAlice, own],
      [4711, as.alice],
      [ofAlice, (await aTown()).as.admin],
    ] as const) {
      await refusal(totpDevices.getTotpDevice({ id }, caller), NOT_FOUND);
      await refusal(totpDevices.updateTotpDevice({ id, totp_device: { name: 'stolen' } }, caller), NOT_FOUND);
      await refusal(totpDevices.deleteTotpDevice({ id }, caller), NOT_FOUND);
      await refusal(totpDevices.listTotpDeviceUsedBy({ id }, caller), NOT_FOUND);
    }
    await refusal(staticDevices.getStaticDevice({ id: ofAlice }, as.alice), NOT_FOUND);
    await refusal(totpDevices.getTotpDevice({ id: ofAlice }, house.as({ kind: 'anonymous', tenant })), {
      code: 'UNAUTHENTICATED',
    });
    expect((await totpDevices.listTotpDevices({}, as.alice)).results).toEqual([{ pk: ofAlice, name: 'totp of alice' }]);
  });

  it('refuses names that are empty or too long; renames and deletes, and tells of it', async () => {
    const { as, ofAlice: id, tenant } = await aTown();
    for (const name of ['', 'x'.repeat(65)]) {
      await refusal(totpDevices.updateTotpDevice({ id, totp_device: { name } }, as.alice), {
        code: 'INVALID_ARGUMENT',
      });
    }
    const change = { id, totp_device: { name: 'phone' }, update_mask: ['name'] };
    expect(await totpDevices.updateTotpDevice(change, as.alice)).toEqual({ pk: id, name: 'phone' });
    await totpDevices.deleteTotpDevice({ id }, as.alice);
    await refusal(totpDevices.getTotpDevice({ id }, as.alice), NOT_FOUND);
    const [deleted] = await house.published(tenant, 'auth.v1.device.deleted', events.ModelChanged);
    const model = 'authentik_stages_authenticator_totp.totpdevice';
    expect(deleted?.payload).toMatchObject({ model, pk: String(id), name: 'phone' });
  });

  it('lists confirmed ones of every class', async () => {
    const { as, alice, ofAlice, keep } = await aTown();
    await keep(alice, 'duo', false);
    const { items } = await devices.listOwnDevices({}, as.alice);
    expect(items).toEqual([
      {
        pk: ofAlice,
        name: 'totp of alice',
        type: 'authentik_stages_authenticator_totp.TOTPDevice',
        verbose_name: 'TOTP Device',
        verbose_name_plural: 'TOTP Devices',
        meta_model_name: 'authentik_stages_authenticator_totp.totpdevice',
        confirmed: true,
      },
    ]);
  });

  it('shows no code of a list, but how many are left; deleting it is an event of its own', async () => {
    const { as, alice, keep, tenant } = await aTown();
    const id = await keep(alice, 'static');
    for (const hash of ['one', 'two']) {
      await house.sql('insert into device_code (tenant_id, device, code_hash) values ($1, $2, $3)', [tenant, id, hash]);
    }
    const { token_set } = await staticDevices.getStaticDevice({ id }, as.alice);
    expect(token_set).toEqual([{ token: '************' }, { token: '************' }]);
    await staticDevices.deleteStaticDevice({ id }, as.alice);
    const [event] = await house.published(tenant, 'auth.v1.event.recorded', events.EventRecorded);
    expect(event?.payload).toMatchObject({
      action: 'custom_',
      context: { affected_user: { pk: alice.pk, username: 'alice' } },
    });
  });
});

describe('devices of everybody', () => {
  it('needs the permission of the class', async () => {
    const { as, tenant, ofAlice: id } = await aTown();
    const permissions = ['authentik_stages_authenticator_static.view_staticdevice'];
    const helper = asUser(tenant, people.add(tenant, 'helper', { permissions }));
    for (const caller of [as.alice, helper]) {
      await refusal(totpDevices.listAnyTotpDevices({}, caller), { code: 'PERMISSION_DENIED' });
      await refusal(totpDevices.getAnyTotpDevice({ id }, caller), { code: 'PERMISSION_DENIED' });
      await refusal(totpDevices.deleteAnyTotpDevice({ id }, caller), { code: 'PERMISSION_DENIED' });
      await refusal(devices.listAllDevices({}, caller), { code: 'PERMISSION_DENIED' });
    }
    await refusal(staticDevices.deleteAnyStaticDevice({ id }, helper), { code: 'PERMISSION_DENIED' });
    expect((await staticDevices.listAnyStaticDevices({}, helper)).results).toEqual([]);
  });

  it('leaves those of somebody alone who can do what the caller cannot', async () => {
    const { admin, tenant, keep, ofAlice } = await aTown();
    const permissions = ['view', 'change', 'delete'].map(
      (verb) => `authentik_stages_authenticator_totp.${verb}_totpdevice`,
    );
    const helper = asUser(tenant, people.add(tenant, 'helper', { permissions }));
    const id = await keep(admin, 'totp');
    const beyond = { code: 'PERMISSION_DENIED', reason: 'RIGHTS_BEYOND_YOURS' };
    await refusal(totpDevices.deleteAnyTotpDevice({ id }, helper), beyond);
    await refusal(totpDevices.updateAnyTotpDevice({ id, totp_device: { name: 'mine' } }, helper), beyond);
    expect((await totpDevices.getAnyTotpDevice({ id }, helper)).name).toBe('totp of admin');
    expect(await totpDevices.deleteAnyTotpDevice({ id: ofAlice }, helper)).toEqual({});
  });

  it('reads, renames and deletes them; what it creates is not confirmed', async () => {
    const { as, admin, ofAlice, ofBob, bob } = await aTown();
    expect((await totpDevices.listAnyTotpDevices({}, as.admin)).pagination?.count).toBe(2);
    const renamed = await totpDevices.updateAnyTotpDevice({ id: ofBob, totp_device: { name: 'phone' } }, as.admin);
    expect(renamed).toEqual({ pk: ofBob, name: 'phone' });
    await totpDevices.deleteAnyTotpDevice({ id: ofAlice }, as.admin);
    const { pk, created_on } = await webAuthnDevices.createAnyWebAuthnDevice(
      { web_authn_device: { name: 'key' } },
      as.admin,
    );
    expect(created_on).toMatch(/^\d{4}-/);
    const { items } = await devices.listAllDevices({}, as.admin);
    expect(items.map((device) => [device.pk, device.confirmed])).toEqual([
      [ofBob, true],
      [pk, false],
    ]);
    expect((await devices.listAllDevices({ user: bob.pk }, as.admin)).items).toHaveLength(1);
    expect((await devices.listOwnDevices({}, as.admin)).items).toEqual([]);
    expect(admin.pk).not.toBe(bob.pk);
  });
});

it('tells expressions who has which device, of confirmed ones only', async () => {
  const { as, tenant, alice, bob, keep } = await aTown();
  await keep(bob, 'sms', false);
  const asked = async (expression: string, user: number) => {
    const given = { expression_policy: { name: expression, expression } };
    const { pk } = await house.expressionPolicies.createExpressionPolicy(given, as.admin);
    const { passing } = await house.policies.testPolicy({ policy_uuid: pk, policy_test: { user } }, as.admin);
    return passing;
  };
  expect(await asked('return ak_user_has_authenticator(request.user, "sms")', bob.pk)).toBe(false);
  expect(await asked('return ak_user_has_authenticator(request.user, "totp")', bob.pk)).toBe(true);
  const admin = people.add(tenant, 'without');
  expect(await asked('return ak_user_has_authenticator(request.user)', admin.pk)).toBe(false);
  expect(await asked('return ak_user_has_authenticator(request.user) # 2', alice.pk)).toBe(true);
}, 60_000);
