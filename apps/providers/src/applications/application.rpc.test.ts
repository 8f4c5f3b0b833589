import { describe, expect, it } from 'vitest';
import { aProvider, refusal, servedProviders } from '../testing/served-providers.ts';

const app = await servedProviders();
const { applications, as, tenant } = app;
const anApplication = (values: object = {}) => ({ name: 'Wiki', slug: 'wiki', policy_engine_mode: 'any', ...values });

async function aScim(own: string, name: string): Promise<number> {
  const provider = { name, url: 'https://scim.example', token: 't' };
  return (await app.scim.createSCIMProvider({ scim_provider: provider }, as(own))).pk;
}

describe('an application', () => {
  it('refuses what is taken, what does not exist and what cannot be opened, and leaves nothing behind', async () => {
    const own = tenant();
    const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: aProvider() }, as(own));
    await applications.createApplication({ application: anApplication({ provider: pk }) }, as(own));
    const create = (values: object) => applications.createApplication({ application: anApplication(values) }, as(own));
    await expect(create({})).rejects.toMatchObject(refusal('slug', 'Application with this slug already exists.'));
    await expect(create({ slug: 'b', provider: pk })).rejects.toMatchObject(
      refusal('provider', 'Application with this provider already exists.'),
    );
    await expect(create({ slug: 'b', provider: pk + 99 })).rejects.toMatchObject(
      refusal('provider', `Invalid pk "${pk + 99}" - object does not exist.`),
    );
    await expect(create({ slug: 'b', backchannel_providers: [pk + 99] })).rejects.toMatchObject(
      refusal('backchannel_providers.0', `Invalid pk "${pk + 99}" - object does not exist.`),
    );
    await expect(create({ slug: 'b', meta_launch_url: 'javascript:alert(1)' })).rejects.toMatchObject(
      refusal('meta_launch_url', 'Enter a valid URL.'),
    );
    expect((await applications.listApplications({}, as(own))).pagination?.count).toBe(1);
    expect(await app.changes(own)).toEqual([
      'providers.v1.oauth2_provider.created web',
      'providers.v1.application.created Wiki',
    ]);
  });

  it('shows its providers, and they show it', async () => {
    const own = tenant();
    const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: aProvider() }, as(own));
    const [first, second] = [await aScim(own, 'first'), await aScim(own, 'second')];
    const made = await applications.createApplication(
      { application: anApplication({ provider: pk, backchannel_providers: [first] }) },
      as(own),
    );
    expect(made.provider_obj).toMatchObject({
      pk,
      component: 'ak-provider-oauth2-form',
      assigned_application_slug: 'wiki',
    });
    expect(made.launch_url).toBe('https://app.example');
    const update = { application: { backchannel_providers: [second] }, update_mask: ['backchannel_providers'] };
    const changed = await applications.updateApplication({ slug: 'wiki', ...update }, as(own));
    expect(changed.backchannel_providers_obj).toMatchObject([
      { pk: second, assigned_backchannel_application_name: 'Wiki' },
    ]);
    expect(changed.provider).toBe(pk);
    const unused = await app.providers.listProviders({ application_isnull: true }, as(own));
    expect(unused.results.map(({ name }) => name)).toEqual(['first']);
    const used = await app.providers.listProviders({ application_isnull: false, backchannel_only: false }, as(own));
    expect(used.results).toMatchObject([{ pk, verbose_name: 'OAuth2/OpenID Provider' }]);
  });

  it('loses its provider, and takes its background providers along', async () => {
    const own = tenant();
    const { pk } = await app.oauth2.createOAuth2Provider({ oauth2_provider: aProvider() }, as(own));
    const behind = await aScim(own, 'behind');
    await applications.createApplication(
      { application: anApplication({ provider: pk, backchannel_providers: [behind] }) },
      as(own),
    );
    const { items } = await applications.listApplicationUsedBy({ slug: 'wiki' }, as(own));
    expect(items).toMatchObject([{ model_name: 'scimprovider', pk: String(behind), action: 'CASCADE' }]);
    await app.providers.deleteProvider({ id: pk }, as(own));
    expect((await applications.getApplication({ slug: 'wiki' }, as(own))).provider).toBeUndefined();
    await applications.deleteApplication({ slug: 'wiki' }, as(own));
    await expect(app.scim.getSCIMProvider({ id: behind }, as(own))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await app.changes(own)).slice(-3)).toEqual([
      'providers.v1.oauth2_provider.deleted web',
      'providers.v1.scim_provider.deleted behind',
      'providers.v1.application.deleted Wiki',
    ]);
  });

  it('is listed for anyone, opened by anyone, and changed by few', async () => {
    const [own, nobody] = [tenant(), { permissions: [] }];
    const launch = 'https://wiki.example/%(username)s';
    await applications.createApplication({ application: anApplication({ meta_launch_url: launch }) }, as(own));
    const { results } = await applications.listApplications({ search: 'wik' }, as(own, nobody));
    expect(results).toMatchObject([{ slug: 'wiki', launch_url: 'https://wiki.example/ada', meta_launch_url: launch }]);
    expect((await applications.listApplications({ slug: 'other' }, as(own))).results).toEqual([]);
    expect((await applications.listApplications({}, as(tenant()))).results).toEqual([]);
    const answer = await applications.checkApplicationAccess({ slug: 'wiki', for_user: 99 }, as(own, nobody));
    expect(answer).toEqual({ passing: true, messages: [], log_messages: [] });
    await expect(applications.checkApplicationAccess({ slug: 'wiki', for_user: 99 }, as(own))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(applications.getApplication({ slug: 'wiki' }, as(own, nobody))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await expect(applications.deleteApplication({ slug: 'wiki' }, as(own, nobody))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
  });

  it('counts authorizations for those who may read events', async () => {
    const own = tenant();
    const { pk } = await applications.createApplication({ application: anApplication() }, as(own));
    const view = ['authentik_core.view_application'];
    await expect(
      applications.listApplicationMetrics({ slug: 'wiki' }, as(own, { permissions: view })),
    ).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    const { items } = await applications.listApplicationMetrics({ slug: 'wiki' }, as(own));
    expect(items).toHaveLength(1);
    expect(JSON.parse(app.around.queries.at(-1) ?? '')).toEqual({
      action: 'authorize_application',
      context__authorized_application__pk: pk.replaceAll('-', ''),
    });
  });
});

describe('an icon', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const set = (own: string, request: object) => applications.setApplicationIcon({ slug: 'wiki', ...request }, as(own));

  it('refuses what is no picture and what is too large', async () => {
    const own = tenant();
    await applications.createApplication({ application: anApplication() }, as(own));
    const invalid = refusal(
      'file',
      'Upload a valid image. The file you uploaded was either not an image or a corrupted image.',
    );
    for (const text of ['<html></html>', '<svg><script>alert(1)</svg>', '<!DOCTYPE svg [<!ENTITY x "y">]><svg/>'])
      await expect(set(own, { file: Buffer.from(text) })).rejects.toMatchObject(invalid);
    await expect(set(own, { file: Buffer.concat([PNG, Buffer.alloc(1_048_576)]) })).rejects.toMatchObject({
      violations: [{ reason: 'PICTURE_TOO_LARGE' }],
    });
    await expect(set(own, {})).rejects.toMatchObject(refusal('file', 'No file was submitted.'));
    await expect(
      applications.setApplicationIconUrl({ slug: 'wiki', url: 'javascript:alert(1)' }, as(own)),
    ).rejects.toMatchObject(refusal('url', 'Enter a valid URL.'));
    expect((await applications.getApplication({ slug: 'wiki' }, as(own))).meta_icon).toBeUndefined();
  });

  it('is served as what it is, in a policy that runs nothing, to this tenant only, until it is replaced', async () => {
    const own = tenant();
    await applications.createApplication({ application: anApplication() }, as(own));
    const active = '<?xml version="1.0"?><svg onload="alert(1)"><script>alert(1)</script><path d="M0"/></svg>';
    await set(own, { file: Buffer.from(active) });
    const { meta_icon = '' } = await applications.getApplication({ slug: 'wiki' }, as(own));
    expect(meta_icon).toMatch(/^\/media\/public\/application-icons\/[0-9a-f-]{36}\.svg$/);
    const file = meta_icon.slice(meta_icon.lastIndexOf('/') + 1);
    let headers: ReadonlyMap<string, string> = new Map();
    const onHead = (head: { headers: readonly (readonly [string, string])[] }) => {
      headers = new Map(head.headers);
    };
    const served = await app.media.getIcon({ file }, as(own), { onHead });
    expect(served.content_type).toBe('image/svg+xml');
    expect(Buffer.from(served.data).toString()).toMatch(
      /^<svg xmlns="[^"]+" xmlns:xlink="[^"]+"><path d="M0"\/><\/svg>$/,
    );
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    await expect(app.media.getIcon({ file }, as(tenant()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(app.media.getIcon({ file: '../secrets.png' }, as(own))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await set(own, { file: PNG });
    await expect(app.media.getIcon({ file }, as(own))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await applications.setApplicationIconUrl({ slug: 'wiki', url: '/static/icon.png' }, as(own));
    expect((await applications.getApplication({ slug: 'wiki' }, as(own))).meta_icon).toBe('/static/icon.png');
    await set(own, { clear: true });
    expect((await applications.getApplication({ slug: 'wiki' }, as(own))).meta_icon).toBeUndefined();
    expect((await app.sql('select pk from media_file where tenant_id = $1', [own])).length).toBe(0);
  });
});
