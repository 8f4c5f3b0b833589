import { once } from 'node:events';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JobOrder } from '@postern/jobs';
import { beforeEach, describe, expect, it } from 'vitest';
import { slugOf } from './apply.job.ts';
import { createDiscovery } from './discovery.ts';
import { createFolderWatcher } from './folder.watcher.ts';
import { Instance } from './instance.entity.ts';
import { aBlueprint, servedInstances } from './instances.fixture.ts';

const served = await servedInstances();
const { db, put, root, application, log, tenant: aTenant } = served;
const orders: JobOrder[] = [];
const discovery = createDiscovery({
  ...served,
  jobs: {
    async enqueueAll(_sql, _context, given) {
      orders.push(...given);
      return given.map(() => '');
    },
  },
});

/** Looks at the folder for a tenant, and answers which instances are to be applied. */
async function look(tenant: string): Promise<string[]> {
  orders.length = 0;
  await discovery.run([tenant], AbortSignal.timeout(10_000));
  return orders.map(({ args }) => Reflect.get(args, 'name')).sort();
}

const instances = (tenant: string) => db.read({ tenant }, (em) => em.find(Instance, {}, { orderBy: { name: 'asc' } }));
const names = async (tenant: string) => (await instances(tenant)).map(({ name }) => name);

async function applyAll(tenant: string): Promise<void> {
  for (const { args } of [...orders]) await application.run(tenant, Reflect.get(args, 'instance'));
}

beforeEach(() => {
  for (const path of ['a.yaml', 'b.yaml', 'c.yaml']) rmSync(join(root, path), { force: true });
});

describe('a look at the folder', () => {
  it('makes instances of new files, applies what changed, and forgets what is gone', async () => {
    const tenant = aTenant();
    put('a.yaml', aBlueprint('First'));
    put('b.yaml', 'version: 1');
    put('c.yaml', aBlueprint('Not by itself', { 'blueprints.goauthentik.io/instantiate': 'false' }));
    expect(await look(tenant)).toEqual(['First', 'b.yaml']);
    expect(await names(tenant)).toEqual(['First', 'b.yaml']);
    await applyAll(tenant);
    expect(await look(tenant)).toEqual([]);
    put('a.yaml', aBlueprint('First, again'));
    expect(await look(tenant)).toEqual(['First']);
    rmSync(join(root, 'b.yaml'));
    await look(tenant);
    expect(await names(tenant)).toEqual(['First']);
  });

  it('says once that a tenant has everything, and passes over whoever is up to date until something changes', async () => {
    const tenant = aTenant();
    const all = () => discovery.run(undefined, AbortSignal.timeout(10_000));
    const told = async () => {
      const sql = 'select subject from outbox where tenant_id = $1 and subject like $2';
      return (await served.sql(sql, [tenant, 'tasks.v1.tenant.%'])).map((row) => Reflect.get(row, 'subject'));
    };
    await served.sql("insert into known_tenant (tenant, since) values ($1, now() - interval '1 hour')", [tenant]);
    put('a.yaml', aBlueprint('Standing'));
    orders.length = 0;
    await all();
    expect(orders).toHaveLength(1);
    expect(await told()).toEqual([]);
    await applyAll(tenant);
    await all();
    expect(await told()).toEqual(['tasks.v1.tenant.provisioned']);

    // Whoever is up to date has no instance made anew: nobody looks.
    const [instance] = await instances(tenant);
    await served.sql('alter table blueprint_instance disable trigger forget_standing');
    await served.sql('delete from blueprint_instance where tenant_id = $1', [tenant]);
    await served.sql('alter table blueprint_instance enable trigger forget_standing');
    await all();
    expect(await names(tenant)).toEqual([]);
    await look(tenant);
    await applyAll(tenant);
    await all();
    await db.write({ tenant }, (em) => em.nativeDelete(Instance, {}));
    await all();
    expect(await names(tenant)).toEqual([instance?.name]);
    await applyAll(tenant);
    await all();
    expect(await told()).toHaveLength(1);
  });

  it('tries again what failed, leaves alone what is not enabled, and what has no file', async () => {
    const tenant = aTenant();
    put('a.yaml', aBlueprint('broken'));
    await look(tenant);
    await applyAll(tenant);
    expect(await look(tenant)).toEqual(['broken']);
    await db.write({ tenant }, async (em) => {
      for (const row of await em.find(Instance, {})) row.enabled = false;
      const plain = { credentials: '', lastApplied: new Date() };
      em.create(Instance, { ...plain, name: 'inline', content: aBlueprint('inline') });
      em.create(Instance, { ...plain, name: 'registry', path: 'oci://registry.example/a', content: '' });
    });
    expect(await look(tenant)).toEqual([]);
    expect(await names(tenant)).toEqual(['broken', 'inline', 'registry']);
  });

  it('gives a file another name where its own is taken, and keeps tenants apart', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    put('a.yaml', aBlueprint('Same'));
    put('b.yaml', aBlueprint('Same'));
    expect(await look(tenant)).toEqual(['Same', 'Same (b.yaml)']);
    expect(await names(other)).toEqual([]);
    await Promise.all([look(other), look(other)]);
    expect(await names(other)).toEqual(['Same', 'Same (b.yaml)']);
  });

  it('deletes nothing while the folder is away', async () => {
    const tenant = aTenant();
    put('a.yaml', aBlueprint('Kept'));
    await look(tenant);
    const away = createDiscovery({
      ...served,
      jobs: { enqueueAll: async () => [] },
      catalog: { files: () => Promise.reject(new Error('ENOENT')) },
    });
    await expect(away.run([tenant], AbortSignal.timeout(1_000))).rejects.toThrow('ENOENT');
    expect(await names(tenant)).toEqual(['Kept']);
  });
});

it('tells of changes in the folder once they have settled, also of files that were replaced or are gone', async () => {
  const changes = new EventTarget();
  let count = 0;
  const watcher = createFolderWatcher({
    root,
    log,
    quietMs: 50,
    async changed() {
      count += 1;
      changes.dispatchEvent(new Event('told'));
    },
  });
  await watcher.start();
  /** Changes something, and waits until the watcher has told of it. */
  const after = async (change: () => void) => {
    const told = once(changes, 'told');
    change();
    await told;
  };
  await after(() => {
    for (let index = 0; index < 5; index += 1) put('a.yaml', aBlueprint(`a${index}`));
  });
  expect(count).toBe(1);
  await after(() => {
    put('new.yaml.tmp', aBlueprint('replaced'));
    renameSync(join(root, 'new.yaml.tmp'), join(root, 'a.yaml'));
  });
  await after(() => put('deep/er/b.yaml', aBlueprint('b')));
  await after(() => put('deep/er/b.yaml', aBlueprint('c')));
  await after(() => rmSync(join(root, 'deep'), { recursive: true }));
  await after(() => rmSync(join(root, 'a.yaml')));
  watcher.stop();
  const none = createFolderWatcher({ root: '/nowhere', log, changed: async () => undefined });
  await none.start();
  none.stop();
});

it('calls tasks by the slug of the instance', () => {
  expect(slugOf('Default - Events Transport & Rules')).toBe('default-events-transport-rules');
});
