import { DEFAULT_TENANT } from '@postern/database';
import type { directory } from '@postern/proto';
import type { Origin } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { OPERATORS_KEY, servedDirectory } from '../testing/served-directory.fixture.ts';
import { createApiKeyGuard } from './index.ts';

const served = await servedDirectory();
const { registry, domains, tenants } = served;

/** A call with this Authorization header. */
const presenting = (authorization?: string): Origin => ({
  context: authorization === undefined ? {} : { headers: { authorization } },
});
const operator = presenting(`Bearer ${OPERATORS_KEY}`);

let count = 0;
const aLabel = () => `t_label${++count}${Math.random().toString(36).slice(2)}`;
const aHost = () => `${aLabel().slice(2)}.example`;

const found = (tenant: Partial<directory.Tenant> = {}) =>
  registry.foundTenant({ tenant: { name: 'Acme', schema_name: aLabel(), ...tenant } }, operator);

const add = (tenant: string, domain = aHost(), more: Partial<directory.Domain> = {}) =>
  domains.addDomain({ host: { domain, tenant, is_primary: true, ...more } }, operator);

const hostsOf = async (tenant: string) => {
  const { results } = await domains.listDomains({ page_size: 10_000 }, operator);
  return results.filter((each) => each.tenant === tenant).map(({ domain, is_primary }) => [domain, is_primary]);
};

describe('the register of tenants', () => {
  it.each([
    [undefined, 'PERMISSION_DENIED', 'You do not have permission to perform this action.'],
    ['', 'PERMISSION_DENIED', 'You do not have permission to perform this action.'],
    ['Bearer', 'PERMISSION_DENIED', 'You do not have permission to perform this action.'],
    ['Bearer wrong', 'PERMISSION_DENIED', 'You do not have permission to perform this action.'],
    [
      `Bearer ${OPERATORS_KEY} `.slice(0, -2),
      'PERMISSION_DENIED',
      'You do not have permission to perform this action.',
    ],
    [`Bearer ${OPERATORS_KEY}x`, 'PERMISSION_DENIED', 'You do not have permission to perform this action.'],
    [`Token ${OPERATORS_KEY}`, 'TENANTS_SCHEME_UNSUPPORTED', 'Unsupported authentication type'],
  ])('is closed to "%s", whatever is asked', async (authorization, reason, message) => {
    const refused = { reason, message };
    const as = presenting(authorization);
    await expect(registry.listTenants({}, as)).rejects.toMatchObject(refused);
    await expect(registry.getTenant({ tenant_uuid: DEFAULT_TENANT }, as)).rejects.toMatchObject(refused);
    // Nobody learns what a good request looks like either.
    await expect(registry.foundTenant({}, as)).rejects.toMatchObject(refused);
    await expect(registry.updateTenant({}, as)).rejects.toMatchObject(refused);
    await expect(registry.deleteTenant({ tenant_uuid: DEFAULT_TENANT }, as)).rejects.toMatchObject(refused);
    await expect(domains.listDomains({}, as)).rejects.toMatchObject(refused);
    await expect(domains.getDomain({ id: 1 }, as)).rejects.toMatchObject(refused);
    await expect(domains.addDomain({}, as)).rejects.toMatchObject(refused);
    await expect(domains.updateDomain({ id: 1 }, as)).rejects.toMatchObject(refused);
    await expect(domains.deleteDomain({ id: 1 }, as)).rejects.toMatchObject(refused);
  });

  it('that is asked whether it would look at a request does nothing', async () => {
    const { tenant_uuid } = await found();
    const options = { isAdmission: true };
    await expect(registry.deleteTenant({ tenant_uuid }, presenting(), options)).rejects.toMatchObject({
      reason: 'PERMISSION_DENIED',
    });
    await registry.deleteTenant({ tenant_uuid }, operator, options);
    await registry.foundTenant({}, operator, options);
    expect(await registry.getTenant({ tenant_uuid }, operator)).toMatchObject({ tenant_uuid });
  });

  it('is closed to superusers', async () => {
    const boss = served.as(DEFAULT_TENANT);
    await expect(registry.listTenants({}, boss)).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
  });

  it('is not there without a key in the settings', () => {
    for (const key of [undefined, '']) {
      const guard = createApiKeyGuard(key);
      expect(() => guard({})).toThrow('Not found.');
      expect(() => guard({ authorization: 'Bearer ' })).toThrow('Not found.');
    }
  });

  it('takes the scheme in any case', async () => {
    expect(await registry.getTenant({ tenant_uuid: DEFAULT_TENANT }, presenting(`bearer ${OPERATORS_KEY}`))).toEqual({
      tenant_uuid: DEFAULT_TENANT,
      schema_name: 'public',
      name: 'Default',
      ready: false,
    });
  });
});

describe('a tenant', () => {
  const MALFORMED =
    'Schema name must start with t_, only contain lowercase letters and numbers and be less than 63 characters.';

  it.each(['public', 'acme', 't_', 't_Acme', 't_a-b', 't_a b', `t_${'a'.repeat(62)}`])(
    'is not called "%s"',
    async (schema_name) => {
      await expect(found({ schema_name })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        violations: [{ field: expect.stringContaining('schema_name') }],
      });
    },
  );

  it('has a label that no other has, and is told so in words of the contract', async () => {
    const { tenant_uuid, schema_name } = await found();
    await expect(found({ schema_name })).rejects.toMatchObject({
      reason: 'TENANT_LABEL_TAKEN',
      message: 'Tenant with this schema name already exists.',
    });
    const other = await found();
    const rename = { tenant_uuid: other.tenant_uuid, tenant: { schema_name }, update_mask: ['schema_name'] };
    await expect(registry.updateTenant(rename, operator)).rejects.toMatchObject({ reason: 'TENANT_LABEL_TAKEN' });
    await expect(found({ schema_name: 'T' })).rejects.toMatchObject({ message: MALFORMED });
    expect(await registry.getTenant({ tenant_uuid }, operator)).toMatchObject({ schema_name });
  });

  it('is there, is renamed field by field, and goes; each time the others hear of it', async () => {
    const tenant = await found({ name: 'Acme' });
    expect(tenant).toMatchObject({ name: 'Acme', ready: false });
    const { tenant_uuid } = tenant;
    const update = (values: object, update_mask?: string[]) =>
      registry.updateTenant({ tenant_uuid, tenant: { ...tenant, ...values }, update_mask }, operator);
    expect(await update({ name: 'Ajax', ready: true, schema_name: 't_ignored' }, ['name'])).toEqual({
      ...tenant,
      name: 'Ajax',
    });
    expect(await update({ ready: true }, ['ready'])).toEqual({ ...tenant, name: 'Ajax', ready: true });
    const schema_name = aLabel();
    expect(await update({ name: 'Atlas', schema_name })).toEqual({ ...tenant, name: 'Atlas', schema_name });
    expect(await update({ name: 'Atlas', schema_name })).toMatchObject({ name: 'Atlas', ready: false });
    await registry.deleteTenant({ tenant_uuid }, operator);
    await expect(registry.getTenant({ tenant_uuid }, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(registry.deleteTenant({ tenant_uuid }, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await served.subjects(tenant_uuid)).toEqual([
      'directory.v1.tenant.created',
      'directory.v1.tenant.updated',
      'directory.v1.tenant.updated',
      'directory.v1.tenant.updated',
      'directory.v1.tenant.deleted',
    ]);
  });

  it('is not found by what cannot be a key', async () => {
    await expect(registry.getTenant({ tenant_uuid: 'acme' }, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that is the default one cannot be deleted, nor lose its label', async () => {
    const tenant_uuid = DEFAULT_TENANT;
    await expect(registry.deleteTenant({ tenant_uuid }, operator)).rejects.toMatchObject({
      reason: 'TENANT_DEFAULT',
      message: 'The default tenant cannot be deleted.',
    });
    const rename = { tenant_uuid, tenant: { name: 'Main', schema_name: 't_main' } };
    await expect(registry.updateTenant(rename, operator)).rejects.toMatchObject({ message: MALFORMED });
    const tenant = { name: 'Default', schema_name: 'public' };
    expect(await registry.updateTenant({ tenant_uuid, tenant }, operator)).toMatchObject(tenant);
  });

  it('is ready when everything is there that it starts with', async () => {
    const { tenant_uuid } = await found();
    const other = await found();
    await served.hear({ subject: 'tasks.v1.tenant.provisioned' }, tenant_uuid);
    expect(await registry.getTenant({ tenant_uuid }, operator)).toMatchObject({ ready: true });
    expect(await registry.getTenant(other, operator)).toMatchObject({ ready: false });
  });

  it('is found by its name, its label and its hosts, a page at a time', async () => {
    const name = `Zeta ${aLabel()}`;
    const { tenant_uuid, schema_name } = await found({ name });
    const { domain } = await add(tenant_uuid);
    for (const search of [name.slice(5), schema_name.slice(2), domain.toUpperCase()]) {
      const { results } = await registry.listTenants({ search }, operator);
      expect(results).toMatchObject([{ tenant_uuid }]);
    }
    expect((await registry.listTenants({ search: '100%' }, operator)).results).toEqual([]);
    const first = await registry.listTenants({ page_size: 1, ordering: '-name' }, operator);
    expect(first.results).toMatchObject([{ name }]);
    expect(first.pagination).toMatchObject({ next: 2 });
  });
});

describe('a host', () => {
  it.each([
    '',
    'a b',
    'https://a.example',
    'a.example:9000',
    'a.example/x',
    'a..example',
    '-a.example',
    'a_.example-',
    '*.example',
    '[::1',
    'a@b',
    `${'a'.repeat(64)}.example`,
    `${'abcdefg.'.repeat(32)}example`,
  ])('is not called "%s"', async (domain) => {
    const { tenant_uuid } = await found();
    await expect(add(tenant_uuid, domain)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field: expect.stringMatching(/domain$/) }],
    });
    expect(await hostsOf(tenant_uuid)).toEqual([]);
  });

  it('belongs to a tenant that there is, and to no two', async () => {
    const unknown = '0197c0de-0000-7000-8000-00000000ffff';
    await expect(add(unknown)).rejects.toMatchObject({
      violations: [{ field: 'tenant', description: `Invalid pk "${unknown}" - object does not exist.` }],
    });
    const [one, other] = [await found(), await found()];
    const { domain } = await add(one.tenant_uuid);
    await expect(add(other.tenant_uuid, domain.toUpperCase())).rejects.toMatchObject({
      message: 'Domain with this domain already exists.',
    });
    expect(await hostsOf(other.tenant_uuid)).toEqual([]);
  });

  it('is kept as clients ask for it', async () => {
    const { tenant_uuid } = await found();
    const named = aHost();
    expect(await add(tenant_uuid, `${named.toUpperCase()}.`)).toMatchObject({ domain: named });
    expect(await add(tenant_uuid, `bücher-${named}`)).toMatchObject({ domain: expect.stringMatching(/^xn--/) });
    expect(await add(tenant_uuid, '[2001:DB8::1]')).toMatchObject({ domain: '[2001:db8::1]' });
    const asked = await tenants.resolveHost({ host: `${named}:9443` }, served.service(''));
    expect(asked.tenant).toBe(tenant_uuid);
  });

  it('is the primary one when it is the first, and takes that place from another when it says so', async () => {
    const { tenant_uuid } = await found();
    const neighbour = await add((await found()).tenant_uuid);
    const a = await add(tenant_uuid, undefined, { is_primary: false });
    expect(a).toMatchObject({ is_primary: true });
    const b = await add(tenant_uuid, undefined, { is_primary: false });
    expect(b).toMatchObject({ is_primary: false });
    const c = await add(tenant_uuid);
    expect(c).toMatchObject({ is_primary: true });
    expect(await hostsOf(tenant_uuid)).toEqual(
      expect.arrayContaining([
        [a.domain, false],
        [b.domain, false],
        [c.domain, true],
      ]),
    );
    const step = { id: c.id, host: { is_primary: false }, update_mask: ['is_primary'] };
    expect(await domains.updateDomain(step, operator)).toMatchObject({ is_primary: false });
    await domains.deleteDomain({ id: c.id }, operator);
    expect(await domains.getDomain({ id: a.id }, operator)).toMatchObject({ is_primary: true });
    await domains.deleteDomain({ id: a.id }, operator);
    await domains.deleteDomain({ id: b.id }, operator);
    await expect(domains.deleteDomain({ id: b.id }, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await hostsOf(tenant_uuid)).toEqual([]);
    expect(await domains.getDomain({ id: neighbour.id }, operator)).toMatchObject({ is_primary: true });
  });

  it('moves to another tenant, and both have a primary one afterwards', async () => {
    const [one, other] = [(await found()).tenant_uuid, (await found()).tenant_uuid];
    const [left, moved, there] = [await add(one, undefined), await add(one), await add(other)];
    const update = { id: moved.id, host: { tenant: other }, update_mask: ['tenant'] };
    expect(await domains.updateDomain(update, operator)).toEqual({ ...moved, tenant: other });
    expect(await hostsOf(one)).toEqual([[left.domain, true]]);
    expect(await domains.getDomain({ id: there.id }, operator)).toMatchObject({ is_primary: false });
    expect((await tenants.resolveHost({ host: moved.domain }, served.service(''))).tenant).toBe(other);
    expect((await served.subjects(other)).filter((subject) => subject.includes('domain'))).toEqual([
      'directory.v1.domain.created',
      'directory.v1.domain.updated',
    ]);
  });

  it('answers for the default tenant again when its tenant is gone', async () => {
    const { tenant_uuid } = await found();
    const { domain, id } = await add(tenant_uuid);
    await registry.deleteTenant({ tenant_uuid }, operator);
    await expect(domains.getDomain({ id }, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await tenants.resolveHost({ host: domain }, served.service(''))).tenant).toBe(DEFAULT_TENANT);
    await add((await found()).tenant_uuid, domain);
  });
});
