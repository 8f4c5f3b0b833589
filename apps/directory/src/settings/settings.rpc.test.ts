import { events } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const { as, anonymous, service, settings, tenantSettings, users, brands, facts, tenant } = await servedDirectory();

const DEFAULTS = {
  avatars: 'initials',
  default_user_change_name: true,
  default_user_change_email: false,
  default_user_change_username: false,
  gdpr_compliance: true,
  impersonation: true,
  footer_links: [],
};

const change = (of: string, values: object, mask = Object.keys(values)) =>
  settings.updateSettings({ settings: { ...DEFAULTS, ...values }, update_mask: mask }, as(of));

describe('settings', () => {
  it('are those of the contract until somebody changes them', async () => {
    expect(await settings.getSettings({}, as(tenant()))).toEqual(DEFAULTS);
  });

  it('are seen and changed only with the permission to do so', async () => {
    const of = tenant();
    const reader = as(of, { permissions: ['authentik_rbac.view_system_settings'] });
    const editor = as(of, { permissions: ['authentik_rbac.edit_system_settings'] });
    await expect(settings.getSettings({}, anonymous(of))).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
    await expect(settings.getSettings({}, editor)).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
    await expect(settings.updateSettings({ settings: DEFAULTS }, reader)).rejects.toMatchObject({
      reason: 'PERMISSION_DENIED',
    });
    expect(await settings.getSettings({}, reader)).toEqual(DEFAULTS);
    expect(await settings.updateSettings({ settings: DEFAULTS }, editor)).toEqual(DEFAULTS);
  });

  it('change as far as the mask goes, and stay', async () => {
    const of = tenant();
    const links = [{ name: 'Help', href: 'https://help.example.com/' }];
    await change(of, { footer_links: links });
    await change(of, { impersonation: false, gdpr_compliance: false }, ['impersonation']);
    const expected = { ...DEFAULTS, footer_links: links, impersonation: false };
    expect(await settings.getSettings({}, as(of))).toEqual(expected);
    expect(await tenantSettings.readSettings({}, service(of))).toEqual(expected);
  });

  it('of another tenant stay what they were', async () => {
    const [one, other] = [tenant(), tenant()];
    await change(one, { avatars: 'none' });
    expect(await settings.getSettings({}, as(other))).toEqual(DEFAULTS);
  });

  it('that change are a fact that names the fields', async () => {
    const of = tenant();
    await change(of, { avatars: 'gravatar,initials' });
    const [fact] = await facts(of);
    expect(fact?.subject).toBe('directory.v1.settings.updated');
    expect(events.ModelChanged.decode(fact?.payload ?? new Uint8Array())).toMatchObject({
      model: 'authentik_tenants.tenant',
      pk: of,
      changed: ['avatars'],
    });
  });

  it('keep any JSON as footer links', async () => {
    const of = tenant();
    for (const value of [{ Help: 'https://a.example.com' }, 'text', 7, false, [1, null]])
      expect((await change(of, { footer_links: value })).footer_links).toEqual(value);
  });
});

describe('settings refuse', () => {
  it.each([
    ['a way to find pictures that there is not', { avatars: 'initials,fingerprints' }, 'avatars'],
    ['an address of pictures that is no web address', { avatars: 'ftp://a/%(username)s' }, 'avatars'],
    ['a list of ways without end', { avatars: `${'initials,'.repeat(400)}none` }, 'avatars'],
    ['a link that runs a program', { footer_links: [{ name: 'x', href: ' java\tscript:alert(1)' }] }, 'footer_links'],
    ['no links at all', { footer_links: null }, 'footer_links'],
    ['more links than fit', { footer_links: ['x'.repeat(30_000)] }, 'footer_links'],
  ])('%s', async (_what, values, field) => {
    const of = tenant();
    await expect(change(of, { default_user_change_email: true, ...values })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field: expect.stringContaining(field) }],
    });
    expect(await settings.getSettings({}, as(of))).toEqual(DEFAULTS);
  });
});

describe('settings decide', () => {
  it('how pictures of users are found', async () => {
    const of = tenant();
    const user = {
      username: 'ada',
      name: 'Ada',
      groups: [],
      email: '',
      attributes: { picture: '/ada.png' },
      path: 'users',
    };
    const { pk } = await users.createUser({ user: { ...user, type: 'internal', is_active: true } }, as(of));
    await change(of, { avatars: 'attributes.picture,initials' });
    expect((await users.getUser({ id: pk }, as(of))).avatar).toBe('/ada.png');
  });

  it('which links stand below the pages', async () => {
    const of = tenant();
    await change(of, { footer_links: [{ name: 'Help', href: '/help' }, { name: 'no address' }, 'no link'] });
    expect((await brands.getCurrentBrand({}, anonymous(of))).ui_footer_links).toEqual([
      { name: 'Help', href: '/help' },
    ]);
  });
});
