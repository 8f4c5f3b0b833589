import { readdir } from 'node:fs/promises';
import { DEFAULT_TENANT } from '@postern/database';
import { auth, directory, tasks } from '@postern/proto';
import { asService } from '@postern/rpc';
import { expect, it } from 'vitest';
import { servedBlueprints } from './blueprints.fixture.ts';

const { running, sql, me } = await servedBlueprints({ bundled: true });
const blueprints = running.client(tasks.BlueprintServiceDefinition);
const flows = running.client(auth.FlowInstanceServiceDefinition);
const prompts = running.client(auth.PromptServiceDefinition);
const brands = running.client(directory.BrandServiceDefinition);
const tenants = running.client(directory.TenantServiceDefinition);

const instances = async (tenant: string) => (await blueprints.listBlueprints({}, asService(tenant))).results;
const apply = async (name: string) => {
  const found = (await instances(DEFAULT_TENANT)).find((one) => one.name === name);
  return blueprints.applyBlueprint({ instance_uuid: found?.pk }, me);
};
/** How many facts each service has ever recorded. */
const facts = () =>
  sql(
    ['directory', 'auth', 'providers']
      .map((schema) => `select pg_sequence_last_value(pg_get_serial_sequence('${schema}.outbox', 'seq')) as count`)
      .join(' union all '),
  );
/** Blueprints to choose from, by their paths. */
async function examples(): Promise<string[]> {
  const folder = new URL('../../../blueprints/example/', import.meta.url);
  return (await readdir(folder)).map((file) => `example/${file}`);
}

const NAMES = [
  'Default - Authentication flow',
  'Default - Brand',
  'Default - Events Transport & Rules',
  'Default - Invalidation flow',
  'Default - Out-of-box-experience flow',
  'Default - Password change flow',
  'Default - Provider authorization flow (explicit consent)',
  'Default - Provider authorization flow (implicit consent)',
  'Default - Source authentication flow',
  'Default - Source enrollment flow',
  'Default - Source pre-authentication flow',
  'Default - Static MFA setup flow',
  'Default - TOTP MFA setup flow',
  'Default - User settings flow',
  'Default - WebAuthn MFA setup flow',
  'System - OAuth2 Provider - Scopes',
  'System - Proxy Provider - Scopes',
];

it('serves nobody before the objects are there that a tenant starts with', async () => {
  const found = await instances(DEFAULT_TENANT);
  expect(found.map(({ name, status }) => [name, status])).toEqual(NAMES.map((name) => [name, 'successful']));
  expect(await brands.getCurrentBrand({}, me)).toMatchObject({
    matched_domain: 'authentik-default',
    flow_authentication: 'default-authentication-flow',
    flow_invalidation: 'default-invalidation-flow',
    flow_user_settings: 'default-user-settings-flow',
  });
});

it('changes nothing when they are applied again', async () => {
  const before = await facts();
  expect(before).not.toContainEqual({ count: null });
  for (const name of NAMES) expect(await apply(name)).toMatchObject({ status: 'successful' });
  expect(await facts()).toEqual(before);
});

it('sets back what somebody changed, and leaves the brand alone', async () => {
  const slug = 'default-invalidation-flow';
  await flows.updateFlow({ slug, flow: { title: 'Changed' }, update_mask: ['title'] }, me);
  const [brand] = (await brands.listBrands({}, me)).results;
  const change = { brand: { branding_title: 'Ours' }, update_mask: ['branding_title'] };
  await brands.updateBrand({ brand_uuid: brand?.brand_uuid, ...change }, me);
  const { results } = await prompts.listPrompts({ name: 'default-user-settings-field-locale' }, me);
  await prompts.deletePrompt({ prompt_uuid: results[0]?.pk }, me);
  expect(await apply('Default - Brand')).toMatchObject({ status: 'successful' });
  expect(await flows.getFlow({ slug }, me)).toMatchObject({ title: 'Default Invalidation Flow' });
  expect((await prompts.listPrompts({ search: 'default-user-settings' }, me)).results).toHaveLength(4);
  expect((await brands.listBrands({}, me)).results).toMatchObject([{ branding_title: 'Ours' }]);
});

it('gives a new tenant the same, of its own', async () => {
  const { tenant } = await tenants.createTenant({ name: 'Other', domains: ['other.example'] }, me);
  const own = asService(tenant);
  await expect
    .poll(async () => (await instances(tenant)).filter(({ status }) => status === 'successful').length, {
      timeout: 60_000,
    })
    .toBe(NAMES.length);
  const slugs = async (who: typeof own) => (await flows.listFlows({}, who)).results.map(({ slug }) => slug);
  expect(await slugs(own)).toEqual(await slugs(me));
  const rows = await sql<{ count: number }>('select count(distinct pk)::int from auth.flow');
  expect(rows[0]?.count).toBe(2 * (await slugs(me)).length);
}, 90_000);

it.each(await examples())('has an example that anybody may apply: %s', async (path) => {
  const blueprint_instance = { name: path, path, enabled: true };
  const { pk: instance_uuid } = await blueprints.createBlueprint({ blueprint_instance }, me);
  expect(await blueprints.applyBlueprint({ instance_uuid }, me)).toMatchObject({ status: 'successful' });
  const before = await facts();
  expect(await blueprints.applyBlueprint({ instance_uuid }, me)).toMatchObject({ status: 'successful' });
  expect(await facts()).toEqual(before);
  await blueprints.deleteBlueprint({ instance_uuid }, me);
});
