import { type Database, type EntityManager, prepared } from '@postern/database';
import type { EventContext, Outbox } from '@postern/messaging';
import type { FlowRequest, FlowTransaction, JsonObject } from '../plans/index.ts';
import type { DeviceCodes } from './device.codes.ts';
import { createDeviceCounts, type DeviceCounts, marks, OPEN } from './device.counts.ts';
import { DEVICE_SECRET } from './device.entity.ts';
import { deviceFact, removalFacts } from './device.facts.ts';
import type { Device, DeviceClass, NewDevice } from './device.ts';

/** What the store of devices needs. */
export type DeviceStoreDeps = {
  readonly database: Pick<Database, 'read' | 'statement' | 'secrets'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly codes: Pick<DeviceCodes, 'hash' | 'hashes'>;
  readonly clock: () => Date;
  /** Who and where the facts of a flow come from. */
  readonly contextOf: (request: FlowRequest) => EventContext;
};

/**
 * The devices of people. What counts tries or uses something up is one statement that waits for its row, so that of many answers at once
 * only as many are judged as if they had come one after the other.
 */
export type DeviceStore = DeviceCounts & {
  /** The confirmed devices of somebody, by class and name. */
  ofUser(tenant: string, user: number): Promise<readonly Device[]>;
  /** Whether somebody has a confirmed device; of a class, when one is given. */
  has(tenant: string, user: number, cls?: DeviceClass | null): Promise<boolean>;
  byNaturalKey(tenant: string, cls: DeviceClass, key: string): Promise<Device | undefined>;
  /** Keeps a device and records its fact. Undefined when its natural key is taken: nothing changed. */
  add(tx: FlowTransaction, device: NewDevice, request: FlowRequest): Promise<Device | undefined>;
  /** `add` for whoever keeps a device outside of a flow. */
  keep(tx: FlowTransaction, device: NewDevice, context: EventContext): Promise<Device | undefined>;
  /** Gives a device another name. */
  rename(tx: FlowTransaction, device: Device, name: string, context: EventContext): Promise<void>;
  /** Removes a device of somebody. False when it is gone already: nothing is told then. */
  remove(tx: FlowTransaction, device: Device, owner: string, context: EventContext): Promise<boolean>;
  /** Forgets the secret of a device; what it proves stays. */
  forgetSecret(tx: FlowTransaction, pk: number): Promise<void>;
  /** The device was used just now; `data` is merged into what it has. */
  touch(tx: FlowTransaction, pk: number, changes?: { readonly data?: JsonObject }): Promise<void>;
  /** A right answer: the device is used and its count starts again. False while it takes no answers: then it was not right. */
  succeeded(tx: FlowTransaction, pk: number, changes?: { readonly data?: JsonObject }): Promise<boolean>;
  /** `succeeded` for the code of a time step, which counts only when it is later than the last one that did. */
  takeStep(tx: FlowTransaction, pk: number, step: number): Promise<boolean>;
  /** `succeeded` for a code that works once: it is gone afterwards. */
  takeCode(tx: FlowTransaction, pk: number, code: string): Promise<boolean>;
  /** The hashes of the codes that a device has still, by device. */
  codesOf(tenant: string, pks: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>>;
  /** Which of these devices has this code. */
  withCode(tenant: string, pks: readonly number[], code: string): Promise<number | undefined>;
};

const COLUMNS = `pk, user_pk as "user", class, name, confirmed, stage, natural_key as "naturalKey", data, secret,
  (extract(epoch from last_used) * 1000)::float8 as "lastUsed", (extract(epoch from created) * 1000)::float8 as created`;

/** Creates the store. */
export function createDeviceStore({ database, outbox, codes, clock, contextOf }: DeviceStoreDeps): DeviceStore {
  const find = async (tenant: string, where: string, values: readonly unknown[]) => {
    const sql = prepared(`select ${COLUMNS} from device where ${where}`);
    const rows = await database.statement<Stored>({ tenant }, sql, values);
    return rows.map((row) => deviceOf(row, database));
  };
  const settle = async (tx: EntityManager, pk: number, set: string, where: string, values: readonly unknown[]) => {
    const now = clock();
    const sql = `update device set last_used = ?, failures = 0, locked_until = null, updated = ?, ${set}
      where pk = ? and ${OPEN} and ${where} returning 1`;
    return (
      (await tx.execute<unknown[]>(sql, [now, now, ...values.slice(0, 1), pk, now, ...values.slice(1)])).length > 0
    );
  };
  const succeeded: DeviceStore['succeeded'] = (tx, pk, { data = {} } = {}) =>
    settle(tx, pk, 'data = data || ?::jsonb', 'true', [JSON.stringify(data)]);
  const keep: DeviceStore['keep'] = async (tx, device, context) => {
    const row = await insert(tx, device, database.secrets.seal(device.secret ?? '', DEVICE_SECRET));
    if (row === undefined) return undefined;
    for (const code of device.codes ?? []) {
      await tx.execute('insert into device_code (device, code_hash) values (?, ?)', [row.pk, codes.hash(code)]);
    }
    await outbox.record(tx, context, deviceFact('created', row));
    return deviceOf(row, database);
  };
  return {
    ofUser: (tenant, user) => find(tenant, 'user_pk = ? and confirmed order by class, name, pk', [user]),
    has: (tenant, user, cls = null) =>
      database.read({ tenant }, async (em) => {
        const sql = 'select 1 from device where user_pk = ? and confirmed and class = coalesce(?, class) limit 1';
        return (await em.execute<unknown[]>(sql, [user, cls])).length > 0;
      }),
    byNaturalKey: async (tenant, cls, key) => (await find(tenant, 'class = ? and natural_key = ?', [cls, key]))[0],
    add: (tx, device, request) => keep(tx, device, contextOf(request)),
    keep,
    rename: async (tx, { pk, ...device }, name, context) => {
      await tx.execute('update device set name = ?, updated = ? where pk = ?', [name, clock(), pk]);
      await outbox.record(tx, context, deviceFact('updated', { ...device, pk, name }, ['name']));
    },
    remove: async (tx, device, owner, context) => {
      const gone = await tx.execute<unknown[]>('delete from device where pk = ? returning 1', [device.pk]);
      if (gone.length > 0) await outbox.record(tx, context, removalFacts(device, { pk: device.user, username: owner }));
      return gone.length > 0;
    },
    forgetSecret: async (tx, pk) => {
      const sealed = database.secrets.seal('', DEVICE_SECRET);
      await tx.execute('update device set secret = ?, updated = ? where pk = ?', [sealed, clock(), pk]);
    },
    touch: async (tx, pk, { data = {} } = {}) => {
      const sql = 'update device set last_used = ?, updated = ?, data = data || ?::jsonb where pk = ?';
      await tx.execute(sql, [clock(), clock(), JSON.stringify(data), pk]);
    },
    ...createDeviceCounts({ database, clock }),
    succeeded,
    takeStep: (tx, pk, step) => settle(tx, pk, 'last_step = ?', '(last_step is null or last_step < ?)', [step, step]),
    takeCode: async (tx, pk, code) => {
      const hashes = codes.hashes(code);
      const sql = `delete from device_code where device = ? and code_hash in (${marks(hashes)}) returning 1`;
      // The device first: whoever is locked out uses no code up.
      return (await succeeded(tx, pk)) && (await tx.execute<unknown[]>(sql, [pk, ...hashes])).length > 0;
    },
    codesOf: (tenant, pks) =>
      database.read({ tenant }, async (em) => {
        const found = new Map<number, string[]>(pks.map((pk) => [pk, []]));
        if (pks.length === 0) return found;
        const sql = `select device, code_hash as hash from device_code where device in (${marks(pks)})`;
        const rows = await em.execute<{ device: number; hash: string }[]>(sql, [...pks]);
        for (const { device, hash } of rows) found.get(device)?.push(hash);
        return found;
      }),
    withCode: (tenant, pks, code) =>
      database.read({ tenant }, async (em) => {
        if (pks.length === 0) return undefined;
        const hashes = codes.hashes(code);
        const sql = `select device from device_code where device in (${marks(pks)}) and code_hash in (${marks(hashes)})`;
        return (await em.execute<{ device: number }[]>(sql, [...pks, ...hashes]))[0]?.device;
      }),
  };
}

type Stored = Omit<Device, 'lastUsed' | 'created'> & { readonly lastUsed: number | null; readonly created: number };

async function insert(tx: EntityManager, device: NewDevice, sealed: string): Promise<Stored | undefined> {
  const { user, name, confirmed = true, stage = null, naturalKey = null, data = {}, lastStep = null } = device;
  const rows = await tx.execute<Stored[]>(
    `insert into device (user_pk, class, name, confirmed, stage, natural_key, data, secret, last_step)
     values (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)
     on conflict on constraint device__natural_key do nothing returning ${COLUMNS}`,
    [user, device.class, name, confirmed, stage, naturalKey, JSON.stringify(data), sealed, lastStep],
  );
  return rows[0];
}

function deviceOf({ lastUsed, created, secret, ...row }: Stored, { secrets }: Pick<Database, 'secrets'>): Device {
  const at = lastUsed === null ? null : new Date(lastUsed);
  return { ...row, secret: secrets.open(secret, DEVICE_SECRET), created: new Date(created), lastUsed: at };
}
