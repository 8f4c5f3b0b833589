/** One object of every kind that there is, and somebody who holds what can be held on them. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MODELS, PERMISSIONS } from '@postern/models';
import { directory, loadRegistry, type Operation, operations } from '@postern/proto';
import { asService } from '@postern/rpc';
import { generateObjects } from '../generated-objects.fixture.ts';
import { randomOf } from '../generated-values.fixture.ts';
import { isListing, nameOf, objectField } from './expectations.fixture.ts';
import type { ServedRights } from './served-rights.fixture.ts';

/** Every operation of the installation. */
export const OPERATIONS: readonly Operation[] = operations(loadRegistry()).filter(
  ({ service }) => !service.typeName.startsWith('postern.conformance.'),
);

/** An object: its key, and the message that lists show. */
export type Thing = { readonly key: string; readonly shown: Readonly<Record<string, unknown>> };

/** Makes the objects, and a user `granted` who holds everything that can be held on one of each. */
export async function servedObjects(
  served: ServedRights,
  { owner, granted, other }: { owner: number; granted: number; other: number },
) {
  const { running, tenant, as, call, sql } = served;
  // A principal lasts for half a minute.
  const boss = () => as({ superuser: true, permissions: [] });
  await generateObjects({ running, registry: loadRegistry(), origin: asService(tenant), random: randomOf(7) }, 3);
  await makeOwned(served, owner);

  /** Objects that a permission can be held on, the newest last; none of a kind without a list. */
  async function listed(permission: string): Promise<Thing[]> {
    const operation = OPERATIONS.find((one) => isListOf(one, permission) && hasKeys(one));
    if (!operation) return [];
    const { answer } = await call(operation, { page_size: 1_000 }, boss());
    const results: readonly unknown[] = Object(answer).results ?? [];
    return results.map((shown) => ({ key: keyOf(Object(shown)), shown: Object(shown) }));
  }

  /** What is held on single objects, by the model. */
  const known = new Map<string, Thing>();
  const assign = running.client(directory.PermissionAssignmentServiceDefinition);

  async function grant(model: string, { key }: Thing): Promise<void> {
    const permissions = PERMISSIONS.filter((one) => one.model === model).map(({ permission }) => permission);
    const assignment = { permissions, model, object_pk: key };
    await assign.assignUserPermissions({ id: granted, assignment }, boss()).catch((error: unknown) => {
      throw new Error(`nobody can be given anything on ${model} ${key}`, { cause: error });
    });
  }

  /** Grants take effect when the services that keep the objects have heard of them. */
  async function untilHeard(things: ReadonlyMap<string, Thing>): Promise<void> {
    const apps = ['directory', 'auth', 'providers', 'tasks'];
    const parts = apps.map((app) => `select model, object_pk from ${app}.object_grant`);
    for (let attempt = 0; attempt < 400; attempt += 1) {
      const rows = await sql<{ model: string; object_pk: string }>(parts.join(' union '));
      const heard = new Set(rows.map(({ model, object_pk }) => `${model} ${object_pk}`));
      if ([...things].every(([model, { key }]) => heard.has(`${model} ${key}`))) return;
      await sleep(25);
    }
    throw new Error('some services did not hear of grants');
  }

  async function choose(model: string): Promise<Thing | undefined> {
    const [app, name] = model.split('.');
    const things = await listed(`${app}.view_${name}`);
    const taken = new Set([owner, granted, other].map(String));
    const isFree = ({ key }: Thing) => model !== 'authentik_core.user' || !taken.has(key);
    // Nobody manages what makes superusers but superusers.
    return things.find((thing) => isFree(thing) && thing.shown.is_superuser !== true);
  }

  await sql(
    `insert into auth.reputation (pk, tenant_id, identifier, ip, updated, expires)
     values ($1, $2, 'ada', '192.0.2.1', now(), now() + interval '1 day')`,
    [randomUUID(), tenant],
  );
  for (const { name: model } of MODELS) {
    const thing = model === 'authentik_core.token' ? await ownToken(served, owner) : await choose(model);
    if (!thing) continue;
    known.set(model, thing);
    await grant(model, thing);
  }
  await untilHeard(known);

  return {
    of: (model: string) => known.get(model),
    /** Another object of a model in place of one that is gone. */
    async renew(model: string): Promise<Thing | undefined> {
      if (!known.has(model)) return undefined;
      const thing = await choose(model);
      if (!thing || thing.key === known.get(model)?.key) return thing;
      known.set(model, thing);
      await grant(model, thing);
      await untilHeard(new Map([[model, thing]]));
      return thing;
    },
  };
}

/** Whether it lists what the permission lets somebody view. Applications are listed by policy, for everybody. */
function isListOf(operation: Operation, permission: string): boolean {
  if (permission === 'authentik_core.view_application')
    return nameOf(operation) === 'ApplicationService/ListApplications';
  const { access } = operation;
  return isListing(operation) && access?.kind === 'permission' && access.permission === permission;
}

/** Whether it answers a page of objects, and not of what hangs on them. */
function hasKeys({ output }: Operation): boolean {
  const item = output.fields.find(({ name, fieldKind }) => name === 'results' && fieldKind === 'list')?.message;
  return item?.fields.some(({ name }) => KEYS.includes(name)) === true;
}

const KEYS: readonly string[] = ['pk', 'brand_uuid', 'uuid'];

/** The objects of the tenant that permissions are held on. */
export type ServedObjects = Awaited<ReturnType<typeof servedObjects>>;

/** How a path names an object. */
export function pathKeyOf(operation: Operation, { key, shown }: Thing): string | number {
  const field = objectField(operation) ?? '';
  const value = shown[field] ?? (field.endsWith('slug') ? shown.slug : key);
  return typeof value === 'number' ? value : /^\d+$/.test(String(value)) ? Number(value) : String(value);
}

function keyOf(shown: Readonly<Record<string, unknown>>): string {
  return String(shown.pk ?? shown.brand_uuid ?? shown.uuid);
}

/** Devices, a consent, a session and a notification of somebody. */
async function makeOwned({ call, as }: ServedRights, owner: number): Promise<void> {
  const self = as({ superuser: true, permissions: [], pk: owner });
  for (const operation of OPERATIONS.filter(({ method }) => /^CreateAny\w+Device$/.test(method.name))) {
    for (const name of ['one', 'two', 'three']) await call(operation, { device: { name } }, self);
  }
}

async function ownToken({ call, as }: ServedRights, owner: number): Promise<Thing> {
  const self = as({ superuser: false, permissions: [], pk: owner });
  const operation = OPERATIONS.find((one) => nameOf(one) === 'TokenService/CreateToken');
  if (!operation) throw new Error('no operation makes tokens');
  const token = { identifier: `owned-${randomUUID()}`, intent: 'api', description: '' };
  const { answer, error } = await call(operation, { token }, self);
  if (error) throw error;
  return { key: String(Object(answer).pk), shown: Object(answer) };
}
