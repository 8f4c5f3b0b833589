import { describe, expect, it } from 'vitest';
import { hashOf } from '../sources/index.ts';
import { aBlueprint, servedInstances } from './instances.fixture.ts';

const { client, as, put, sql, applied, clock, tenant: aTenant } = await servedInstances();

const violations = (error: { violations: { field: string; description: string }[] }) =>
  error.violations.map(({ field, description }) => [field, description]);

/** What a request is told that it is wrong about. */
const faultsOf = (call: Promise<unknown>) => call.then(() => [], violations);

const content = aBlueprint('inline');
const anInstance = (given: object = {}) => ({
  blueprint_instance: { name: 'one', path: '', content, enabled: true, ...given },
});

describe('an instance', () => {
  it('lives its standard life, and is applied only when asked', async () => {
    const tenant = aTenant();
    const made = await client.createBlueprint(anInstance({ context: { a: 1 } }), as(tenant));
    expect(made).toMatchObject({ name: 'one', path: '', content, context: { a: 1 }, status: 'unknown', enabled: true });
    expect(made).toMatchObject({ last_applied_hash: '', managed_models: [], metadata: {} });
    expect(applied.filter((each) => each.tenant === tenant)).toEqual([
      { tenant, name: 'inline', context: { a: 1 }, dryRun: true },
    ]);
    const { pk } = made;
    clock.advance(1_000);
    const request = {
      instance_uuid: pk,
      blueprint_instance: { ...made, name: 'two' },
      update_mask: ['name', 'content'],
    };
    const changed = await client.updateBlueprint(request, as(tenant));
    expect(changed.name).toBe('two');
    expect(Date.parse(changed.last_applied ?? '') - Date.parse(made.last_applied ?? '')).toBe(1_000);
    expect((await client.listBlueprints({ name: 'two' }, as(tenant))).results).toEqual([changed]);
    expect((await client.listBlueprints({ search: 'nothing' }, as(tenant))).results).toEqual([]);
    await client.deleteBlueprint({ instance_uuid: pk }, as(tenant));
    await expect(client.getBlueprint({ instance_uuid: pk }, as(tenant))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is not refused for taking long to try: its application will tell', async () => {
    const tenant = aTenant();
    const made = await client.createBlueprint(anInstance({ content: aBlueprint('endless') }), as(tenant));
    expect(made).toMatchObject({ name: 'one', status: 'unknown' });
  });

  it('is refused with a wrong path, content or name', async () => {
    const tenant = aTenant();
    const create = (given: object) => faultsOf(client.createBlueprint(anInstance(given), as(tenant)));
    expect(await create({ content: '' })).toEqual([['', 'Either path or content must be set.']]);
    for (const path of ['none.yaml', '../x.yaml', '/etc/passwd', '.hidden.yaml']) {
      expect(await create({ path })).toEqual([['path', 'Blueprint file does not exist']]);
    }
    expect(await create({ path: 'oci://host' })).toEqual([['path', 'Enter a valid URL.']]);
    expect(await create({ content: 'version: 3' })).toEqual([
      ['content', 'Failed to validate blueprint: version, line 1: Invalid blueprint version'],
    ]);
    expect(await create({ path: 'none.yaml', content: aBlueprint('broken') })).toEqual([
      ['path', 'Blueprint file does not exist'],
      ['content', 'Failed to validate blueprint: entry 0, attrs.name, line 4: This field is required.'],
    ]);
    expect(await create({})).toEqual([]);
    expect(await create({})).toEqual([['name', 'Blueprint Instance with this name already exists.']]);
  });

  it('names its path or content again when it changes', async () => {
    const tenant = aTenant();
    const { pk: instance_uuid } = await client.createBlueprint(anInstance(), as(tenant));
    const change = (given: object, update_mask: string[]) =>
      client.updateBlueprint({ instance_uuid, ...anInstance(given), update_mask }, as(tenant));
    expect(await faultsOf(change({ enabled: false }, ['enabled']))).toEqual([
      ['', 'Either path or content must be set.'],
    ]);
    expect((await change({ enabled: false }, ['enabled', 'content'])).enabled).toBe(false);
  });

  it('keeps the content sealed, and the password of a registry for those who may change it', async () => {
    const tenant = aTenant();
    const path = 'oci://ada:s3cret@registry.example/team/staff:v1';
    const { pk: instance_uuid } = await client.createBlueprint(anInstance({ path }), as(tenant));
    const seen = async (...permissions: string[]) =>
      (await client.getBlueprint({ instance_uuid }, as(tenant, permissions))).path;
    expect(await seen('view')).toBe('oci://registry.example/team/staff:v1');
    expect(await seen('view', 'change')).toBe(path);
    const [row] = await sql('select * from blueprint_instance where pk = $1', [instance_uuid]);
    expect(JSON.stringify(row)).not.toMatch(/s3cret|entries/);
  });

  it('is seen with the permission; made, changed and applied by superusers, for it does what it says with every right', async () => {
    const tenant = aTenant();
    const { pk: instance_uuid } = await client.createBlueprint(anInstance(), as(tenant));
    const denied = { code: 'PERMISSION_DENIED' };
    const all = as(tenant, ['view', 'add', 'change', 'delete']);
    await expect(client.getBlueprint({ instance_uuid }, as(tenant, ['add']))).rejects.toMatchObject(denied);
    expect((await client.getBlueprint({ instance_uuid }, all)).pk).toBe(instance_uuid);
    await expect(client.createBlueprint(anInstance(), all)).rejects.toMatchObject(denied);
    await expect(client.applyBlueprint({ instance_uuid }, all)).rejects.toMatchObject(denied);
    const change = { instance_uuid, ...anInstance({ content: 'entries: []' }), update_mask: ['content'] };
    await expect(client.updateBlueprint(change, all)).rejects.toMatchObject(denied);
    const missing = { code: 'NOT_FOUND' };
    await expect(client.getBlueprint({ instance_uuid }, as(aTenant()))).rejects.toMatchObject(missing);
    await expect(client.applyBlueprint({ instance_uuid }, as(aTenant()))).rejects.toMatchObject(missing);
    expect(await client.applyBlueprint({ instance_uuid }, as(tenant))).toMatchObject({ status: 'successful' });
  });
});

describe('an application', () => {
  /** Makes an instance of a text that is changed behind the back of the checks, and applies it. */
  async function apply(given: { path?: string; content?: string; enabled?: boolean; context?: object }) {
    const tenant = aTenant();
    const { pk: instance_uuid } = await client.createBlueprint(anInstance({ ...given, content }), as(tenant));
    if (given.content) {
      const change = { instance_uuid, ...anInstance({ content: given.content }), update_mask: ['content'] };
      await client.updateBlueprint(change, as(tenant)).catch(() => undefined);
    }
    return client.applyBlueprint({ instance_uuid }, as(tenant));
  }

  it('says what was applied', async () => {
    const text = aBlueprint('from-a-file', { 'blueprints.goauthentik.io/system': 'true' });
    put('staff/file.yaml', text);
    expect(await apply({ path: 'staff/file.yaml', context: { a: 1 } })).toMatchObject({
      status: 'successful',
      last_applied_hash: hashOf(text),
      metadata: { name: 'from-a-file', labels: { 'blueprints.goauthentik.io/system': 'true' } },
    });
    expect(applied.at(-1)).toMatchObject({ name: 'from-a-file', context: { a: 1 }, dryRun: false });
  });

  it('leaves what is not enabled alone', async () => {
    const before = applied.filter(({ dryRun }) => !dryRun).length;
    expect(await apply({ enabled: false })).toMatchObject({ status: 'unknown', last_applied_hash: '' });
    expect(applied.filter(({ dryRun }) => !dryRun).length).toBe(before);
  });

  it('is answered also when it fails, with the status error', async () => {
    for (const name of ['broken', 'breaking']) {
      put('now.yaml', aBlueprint('fine'));
      const tenant = aTenant();
      const { pk: instance_uuid } = await client.createBlueprint(anInstance({ path: 'now.yaml' }), as(tenant));
      put('now.yaml', aBlueprint(name));
      const failed = { status: 'error', last_applied_hash: '' };
      expect(await client.applyBlueprint({ instance_uuid }, as(tenant))).toMatchObject(failed);
      expect(await sql("select 1 from outbox where tenant_id = $1 and subject like '%job%'", [tenant])).toHaveLength(1);
    }
    expect(await apply({ path: 'oci://127.0.0.1:1/team/staff' })).toMatchObject({ status: 'error' });
  });
});

it('shows what lies in the folder to anybody who is signed in', async () => {
  put('shown.yaml', aBlueprint('shown', { a: 'b' }));
  put('bare.yaml', 'version: 1');
  put('.hidden/no.yaml', aBlueprint('hidden'));
  put('other.yaml', 'version: 2');
  const { items } = await client.listAvailableBlueprints({}, as(aTenant(), []));
  const found = new Map(items.map((item) => [item.path, item]));
  expect(found.get('shown.yaml')).toMatchObject({
    hash: hashOf(aBlueprint('shown', { a: 'b' })),
    meta: { name: 'shown', labels: { a: 'b' } },
  });
  expect(found.get('bare.yaml')?.meta).toBeUndefined();
  expect(found.has('.hidden/no.yaml') || found.has('other.yaml')).toBe(false);
});
