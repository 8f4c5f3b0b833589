import {
  type Database,
  type EntityManager,
  getOr404,
  type ListRequest,
  listPage,
  type Page,
  type PlainRow,
} from '@postern/database';
import { common } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import type { api } from '@postern/proto';
import { eventContext, type Neighbours, visibleTo } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { Account, accountsIn, type RightsGuard } from '../accounts/index.ts';
import { DeviceEntity, type DeviceRow } from './device.entity.ts';
import { deviceFact, removalFacts } from './device.facts.ts';
import { deviceList } from './device.list.ts';
import { DEVICE_MODELS } from './device.models.ts';
import type { DeviceClass } from './device.ts';

/** What serving devices needs. */
export type DeviceRpcDeps = {
  readonly db: Pick<Database, 'read' | 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly neighbours: Pick<Neighbours, 'usedBy'>;
  readonly rights: Pick<RightsGuard, 'require'>;
};

/** A class of devices as the API shows it. Only the name can be changed. */
export type DeviceResource<Message> = {
  readonly class: DeviceClass;
  /** Rows to messages, a page at a time. Keeps the order; shows no secret. */
  readonly encode: (rows: readonly PlainRow<DeviceRow>[], em: EntityManager) => Message[] | Promise<Message[]>;
};

/** Which device a request is about, and its new name. */
export type DeviceChange = {
  readonly id: number;
  readonly name: string | undefined;
  readonly mask?: readonly string[];
};

/** What can be done with the devices of a class. */
export type DeviceMethods<Message> = {
  list(request: ListRequest, call: Call): Promise<Page<Message>>;
  get(id: number, call: Call): Promise<Message>;
  rename(change: DeviceChange, call: Call): Promise<Message>;
  remove(id: number, call: Call): Promise<Record<never, never>>;
  usedBy(id: number, call: Call): Promise<api.UsedByList>;
};

/** Whose devices somebody acts on: their own, or everybody's. The devices of others do not exist for those who act on their own. */
export type DeviceReach = 'own' | 'any';

/** Gives a class its methods. */
export function deviceMethods<Message>(
  { db, outbox, neighbours, rights }: DeviceRpcDeps,
  resource: DeviceResource<Message>,
  reach: DeviceReach,
): DeviceMethods<Message> {
  const scope = (call: Call) => ({
    class: resource.class,
    ...(reach === 'own' ? { user: callerOf(call).pk } : {}),
  });
  const find = (em: EntityManager, id: number, call: Call) => getOr404(em, DeviceEntity, { pk: id, ...scope(call) });
  const show = async (em: EntityManager, id: number, call: Call): Promise<Message> => {
    const { results } = await listPage(em, deviceList, {}, { where: { pk: id, ...scope(call) } });
    const [message] = await resource.encode(results, em);
    if (message === undefined) throw common.NOT_FOUND();
    return message;
  };
  /** Without a second factor an account is easier to get into: who changes that of somebody can do what they can. Throws RIGHTS_BEYOND_YOURS. */
  const requireRights = async (id: number, call: Call) => {
    if (reach === 'own') return;
    const { user } = await db.read(call.context, (em) => find(em, id, call));
    const { principal } = call.context;
    const isTheirs = principal.kind === 'user' && principal.user.pk === user.pk;
    if (!isTheirs) await rights.require({ users: [user.pk] }, call);
  };
  return {
    list: (request, call) =>
      db.read(call.context, async (em) => {
        const where = { ...scope(call), ...visibleTo(call, em, DeviceEntity) };
        const page = await listPage(em, deviceList, request, { where });
        return { pagination: page.pagination, results: await resource.encode(page.results, em) };
      }),
    get: (id, call) => db.read(call.context, (em) => show(em, id, call)),
    rename: async ({ id, name, mask }, call) => {
      await requireRights(id, call);
      return db.write(call.context, async (em) => {
        const row = await find(em, id, call);
        if (name !== undefined && (mask?.includes('name') ?? true)) row.name = name;
        await em.flush();
        await outbox.record(em, eventContext(call), deviceFact('updated', row, ['name']));
        return show(em, id, call);
      });
    },
    remove: async (id, call) => {
      await requireRights(id, call);
      return db.write(call.context, async (em) => {
        const row = await find(em, id, call);
        await recordRemoval({ outbox }, em, row, call);
        await em.remove(row).flush();
        return {};
      });
    },
    usedBy: async (id, call) => {
      const { pk } = await db.read(call.context, (em) => find(em, id, call));
      return { items: await neighbours.usedBy(DEVICE_MODELS[resource.class].model, pk, call) };
    },
  };
}

/** Creates a device of the caller that is not confirmed: it has no secret, and proves nothing. */
export async function createUnconfirmed<Message>(
  { db, outbox }: DeviceRpcDeps,
  resource: DeviceResource<Message>,
  name: string,
  call: Call,
): Promise<Message> {
  const { pk, uuid, username, name: title, email, type } = callerOf(call);
  return db.write(call.context, async (em) => {
    await accountsIn(em).keep({ pk, uuid, username, name: title, email, type, is_active: true });
    const user = em.getReference(Account, pk);
    const row = em.create(DeviceEntity, { class: resource.class, name, user, confirmed: false, secret: '', data: {} });
    await em.persist(row).flush();
    await outbox.record(em, eventContext(call), deviceFact('created', row));
    const { results } = await listPage(em, deviceList, {}, { where: { pk: row.pk } });
    const [message] = await resource.encode(results, em);
    if (message === undefined) throw common.NOT_FOUND();
    return message;
  });
}

/** The person who calls; a service has no devices. */
export function callerOf({ context: { principal } }: Call) {
  if (principal.kind !== 'user') throw common.PERMISSION_DENIED();
  return principal.user;
}

async function recordRemoval(
  { outbox }: Pick<DeviceRpcDeps, 'outbox'>,
  em: EntityManager,
  row: DeviceRow,
  call: Call,
): Promise<void> {
  const owner = row.class === 'static' ? await accountsIn(em).find(row.user.pk) : undefined;
  const affected = { pk: row.user.pk, username: owner?.username ?? '' };
  await outbox.record(em, eventContext(call), removalFacts(row, affected));
}
