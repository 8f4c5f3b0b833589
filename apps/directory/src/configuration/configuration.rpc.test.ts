import { operations } from '@postern/proto';
import { loadContract } from '@postern/rpc';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';
import { createTasksCapabilities } from './index.ts';

const { anonymous, around, as, brands, clock, configuration, hosts, service, settings, tenant } =
  await servedDirectory();

const served = new Set(operations(loadContract().registry).map(({ rest }) => rest.operation_id));

async function capabilities(of: string): Promise<string[]> {
  return (await configuration.getConfig({}, anonymous(of))).capabilities;
}

describe('the configuration', () => {
  it('names no address that errors would be reported to', async () => {
    const { error_reporting } = await configuration.getConfig({}, anonymous(tenant()));
    expect(error_reporting).toMatchObject({ enabled: false, sentry_dsn: '', send_pii: false });
  });

  it('offers to act as somebody else only where that exists and nobody has switched it off', async () => {
    const of = tenant();
    expect((await capabilities(of)).includes('can_impersonate')).toBe(served.has('core_users_impersonate_create'));
    await settings.updateSettings(
      { settings: { avatars: 'none', impersonation: false, footer_links: [] }, update_mask: ['impersonation'] },
      as(of),
    );
    expect(await capabilities(of)).not.toContain('can_impersonate');
  });

  it('offers licences only where there is an operation that shows them', async () => {
    expect((await capabilities(tenant())).includes('is_enterprise')).toBe(
      served.has('enterprise_license_summary_retrieve'),
    );
  });

  it('offers places on a map as soon as tasks can look them up, and asks at most once a minute', async () => {
    const of = tenant();
    clock.advance(61_000);
    expect(await capabilities(of)).toEqual(expect.not.arrayContaining(['can_geo_ip']));
    around.capabilities.push('can_geo_ip');
    expect(await capabilities(of)).not.toContain('can_geo_ip');
    clock.advance(61_000);
    expect((await capabilities(of)).slice(0, 2)).toEqual(['can_save_media', 'can_geo_ip']);
  });

  it('is answered while tasks is away', async () => {
    const away = createTasksCapabilities({
      client: { listCapabilities: () => Promise.reject(new Error('nobody is there')) },
      clock,
      log: { info: () => undefined },
    });
    expect(await away(tenant())).toEqual([]);
  });
});

describe('a host', () => {
  it('is described by the brand that serves it', async () => {
    const of = tenant();
    const looks = { branding_logo: '/l', branding_favicon: '/f', event_retention: 'days=1' };
    for (const domain of ['standard', 'shop.example.com']) {
      const brand = { domain, branding_title: 'Shop', attributes: {}, default: domain === 'standard' };
      await brands.createBrand({ brand: { ...brand, ...looks } }, as(of));
    }
    expect(await hosts.describeHost({}, service(of))).toEqual({ brand: 'Default brand' });
  });

  it('is nothing that somebody from outside may ask about', async () => {
    const of = tenant();
    await expect(hosts.describeHost({}, as(of))).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
  });
});
