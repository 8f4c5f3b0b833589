import { events } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const served = await servedDirectory();
const { brands, tenants, as, anonymous, around, tenant: aTenant } = served;
const LOOKS = {
  branding_title: 'Acme',
  branding_logo: '/logo.svg',
  branding_favicon: '/icon.png',
  event_retention: 'days=30',
};

const add = (tenant: string, domain: string, brand: object = {}) =>
  brands.createBrand({ brand: { ...LOOKS, domain, ...brand } }, as(tenant));

describe('a brand', () => {
  it('lives its standard life, and its events name it', async () => {
    const tenant = aTenant();
    const brand = await add(tenant, 'example.com', { default: true, attributes: { a: 1 } });
    expect(brand).toEqual({
      ...LOOKS,
      brand_uuid: expect.any(String),
      domain: 'example.com',
      default: true,
      flow_authentication: undefined,
      flow_invalidation: undefined,
      flow_recovery: undefined,
      flow_unenrollment: undefined,
      flow_user_settings: undefined,
      flow_device_code: undefined,
      web_certificate: undefined,
      attributes: { a: 1 },
    });
    const { brand_uuid } = brand;
    await brands.updateBrand({ brand_uuid, brand: { default: false }, update_mask: ['default'] }, as(tenant));
    expect((await brands.listBrands({ domain: 'example.com', default: false }, as(tenant))).results).toEqual([
      { ...brand, default: false },
    ]);
    await brands.deleteBrand({ brand_uuid }, as(tenant));
    await expect(brands.getBrand({ brand_uuid }, as(tenant))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const facts = await served.facts(tenant);
    expect(facts.map(({ subject, payload }) => [subject, events.ModelChanged.decode(payload).name])).toEqual([
      ['directory.v1.brand.created', 'Default brand'],
      ['directory.v1.brand.updated', 'Brand example.com'],
      ['directory.v1.brand.deleted', 'Brand example.com'],
    ]);
  });

  it.each([
    [{ default: true }, 'default', 'Only a single brand can be set as default.'],
    [{ branding_logo: ' java\tscript:alert(1)' }, 'branding_logo', expect.stringContaining('address of a picture')],
    [{ branding_favicon: 'data:text/html,x' }, 'branding_favicon', expect.stringContaining('address of a picture')],
    [{ event_retention: 'soon' }, 'event_retention', "soon is not in the correct format of 'hours=3;minutes=1'."],
    [{ event_retention: 'years=1' }, 'event_retention', "years=1 is not in the correct format of 'hours=3;minutes=1'."],
    [
      { flow_authentication: '0197c0de-0000-7000-8000-00000000ffff' },
      'flow_authentication',
      'Invalid pk "0197c0de-0000-7000-8000-00000000ffff" - object does not exist.',
    ],
  ])('is refused with %j', async (change, field, description) => {
    const tenant = aTenant();
    await add(tenant, 'one', { default: true });
    await expect(add(tenant, 'two', change)).rejects.toMatchObject({ violations: [{ field, description }] });
    expect((await brands.listBrands({}, as(tenant))).results).toHaveLength(1);
  });

  it('needs permissions, and is out of reach from another tenant', async () => {
    const tenant = aTenant();
    const { brand_uuid } = await add(tenant, 'one');
    await expect(brands.listBrands({}, as(tenant, { permissions: [] }))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await expect(brands.getBrand({ brand_uuid }, as(aTenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(brands.deleteBrand({ brand_uuid }, as(aTenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('lets go of a flow that auth deleted', async () => {
    const tenant = aTenant();
    const flow = '0197c0de-0000-7000-8000-0000000000f1';
    around.flows.set(flow, 'custom');
    const { brand_uuid } = await add(tenant, 'one', { flow_recovery: flow });
    const gone = events.ModelChanged.fromPartial({ model: 'authentik_flows.flow', pk: flow });
    const fact = { subject: 'auth.v1.flow.deleted', type: 'postern.events.v1.ModelChanged' };
    await served.hear({ ...fact, payload: events.ModelChanged.encode(gone).finish() }, tenant);
    expect(await brands.getBrand({ brand_uuid }, as(tenant))).toMatchObject({ flow_recovery: undefined });
  });
});

describe('the brand of a host', () => {
  it('is never one whose domain merely ends the name', async () => {
    const tenant = aTenant();
    const current = async (host: string) => (await brands.getCurrentBrand({}, anonymous(tenant, host))).matched_domain;
    await add(tenant, 'standard', { default: true });
    await add(tenant, 'example.com');
    expect(await current('bad-example.com')).toBe('standard');
    expect(await current('example.com.evil')).toBe('standard');
    expect(await current('com')).toBe('standard');
    expect(await current('')).toBe('standard');
  });

  it('is the one of this name, else the one with the longest that it lies below, else the default one, else a fallback', async () => {
    const tenant = aTenant();
    const current = async (host: string) => (await brands.getCurrentBrand({}, anonymous(tenant, host))).matched_domain;
    expect(await current('anything')).toBe('fallback');
    await add(tenant, 'standard', { default: true });
    await add(tenant, 'example.com');
    await add(tenant, 'ID.example.com');
    await add(tenant, '%');
    expect(await current('id.Example.com')).toBe('ID.example.com');
    expect(await current('www.example.com')).toBe('example.com');
    expect(await current('www.example.com:9443')).toBe('example.com');
    await add(tenant, 'www.example.com:9443');
    expect(await current('www.example.com:9443')).toBe('www.example.com:9443');
    expect(await current('a.www.example.com:9443')).toBe('www.example.com:9443');
    await add(tenant, '.apps.example.com');
    expect(await current('a.apps.example.com:80')).toBe('.apps.example.com');
    // One whose name it is goes before a longer one that it lies below.
    await add(tenant, 'ample.com', { attributes: {} });
    expect(await current('example.com')).toBe('example.com');
    expect(await current('elsewhere')).toBe('standard');
  });

  it('tells anyone its looks and the slugs of its flows', async () => {
    const tenant = aTenant();
    const flow = '0197c0de-0000-7000-8000-0000000000f2';
    around.flows.set(flow, 'default-authentication-flow');
    const settings = { locale: 'de', theme: { base: 'dark' } };
    await add(tenant, 'x', { default: true, flow_authentication: flow, attributes: { settings } });
    expect(await brands.getCurrentBrand({}, anonymous(tenant))).toEqual({
      matched_domain: 'x',
      branding_title: 'Acme',
      branding_logo: '/logo.svg',
      branding_favicon: '/icon.png',
      ui_footer_links: [],
      ui_theme: 'dark',
      flow_authentication: 'default-authentication-flow',
      flow_invalidation: undefined,
      flow_recovery: undefined,
      flow_unenrollment: undefined,
      flow_user_settings: undefined,
      flow_device_code: undefined,
      default_locale: 'de',
    });
  });
});

describe('a host', () => {
  it('belongs to the tenant that claims it, whatever its case and port, else to the default one', async () => {
    const { tenant } = await tenants.createTenant(
      { name: 'Acme', domains: ['Acme.example', 'b.example'] },
      served.service(''),
    );
    const tenantOf = async (host: string) => (await tenants.resolveHost({ host }, served.service(''))).tenant;
    expect(await tenantOf('acme.example')).toBe(tenant);
    expect(await tenantOf('ACME.example:8443')).toBe(tenant);
    expect(await tenantOf('b.example.')).toBe(tenant);
    expect(await tenantOf('sub.acme.example')).not.toBe(tenant);
    expect(await tenantOf('')).toBe('00000000-0000-7000-8000-000000000001');
    expect(await served.subjects(tenant)).toEqual(['directory.v1.tenant.created']);
    await expect(
      tenants.createTenant({ name: 'Thief', domains: ['c.example', 'acme.EXAMPLE'] }, served.service('')),
    ).rejects.toMatchObject({ reason: 'DOMAIN_TAKEN' });
    expect(await served.sql("select 1 from tenant where name = 'Thief'")).toEqual([]);
    await expect(tenants.resolveHost({ host: 'x' }, as(tenant))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('shows the looks of its brand', async () => {
    const { tenant } = await tenants.createTenant({ name: 'Looks', domains: ['looks.example'] }, served.service(''));
    await add(tenant, 'looks.example', { attributes: { settings: { theme: { base: 'light' } } } });
    const { looks } = await tenants.resolveHost({ host: 'looks.example' }, served.service(''));
    expect(looks).toEqual({ title: 'Acme', logo: '/logo.svg', favicon: '/icon.png', theme: 'light', locale: '' });
  });

  it('names the certificate of its brand, and that of the default brand where no other serves it', async () => {
    const { tenant } = await tenants.createTenant({ name: 'Locks', domains: ['locks.example'] }, served.service(''));
    const [own, standard] = ['0197c0de-0000-7000-8000-0000000000c1', '0197c0de-0000-7000-8000-0000000000c2'];
    const certificateAt = async (host: string) =>
      (await tenants.resolveHost({ host }, served.service(''))).web_certificate;
    expect(await certificateAt('locks.example')).toBeUndefined();
    for (const pair of [own, standard]) around.sources.add(pair);
    await add(tenant, 'standard', { default: true, web_certificate: standard });
    expect(await certificateAt('locks.example')).toBe(standard);
    await add(tenant, 'locks.example', { web_certificate: own });
    expect(await certificateAt('locks.example:9443')).toBe(own);
  });
});

it('tells anyone what the installation can do', async () => {
  expect(await served.configuration.getConfig({}, anonymous(aTenant()))).toMatchObject({
    capabilities: expect.arrayContaining(['can_save_media']),
    cache_timeout: 300,
    error_reporting: { enabled: false },
  });
});
