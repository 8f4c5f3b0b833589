import type { EntityManager } from '@postern/database';
import type { Approval, Device, Shown } from './device.ts';

/** A device authorization to be stored. */
export type NewDevice = {
  readonly pk: string;
  readonly provider: number;
  readonly hash: string;
  readonly userCode: string;
  readonly scopes: readonly string[];
  readonly expires: Date;
  /** Seconds between two questions. */
  readonly pause: number;
};

/** Stores a device authorization; false when its user code is taken: two devices never wait for one code. */
export async function insertDevice(em: EntityManager, device: NewDevice): Promise<boolean> {
  const { pk, provider, hash, userCode, scopes, expires, pause } = device;
  const rows = await em.execute<unknown[]>(
    `insert into oauth2_device_code (pk, provider_pk, hash, user_code, scopes, expires, pause) values (?, ?, ?, ?, ?, ?, ?)
      on conflict (tenant_id, user_code) do nothing returning pk`,
    [pk, provider, hash, userCode, scopes.join(' '), expires, pause],
  );
  return rows.length === 1;
}

type Row = {
  pk: string;
  provider_pk: number;
  scopes: string;
  expires: string;
  shown: Shown | null;
  approval: Approval | null;
  denied: string | null;
  used: string | null;
};

const COLUMNS = 'pk, provider_pk, scopes, expires, shown, approval, denied, used';
const OPEN = 'approval is null and denied is null and expires > ?';

function deviceOf([row]: readonly Row[]): Device | undefined {
  if (!row) return undefined;
  return {
    pk: row.pk,
    provider: row.provider_pk,
    scopes: row.scopes.split(' ').filter(Boolean),
    expires: new Date(row.expires),
    ...(row.shown === null ? {} : { shown: row.shown }),
    ...(row.approval === null ? {} : { approval: row.approval }),
    isDenied: row.denied !== null,
    isUsed: row.used !== null,
  };
}

/** A device by the hash of its code, whatever became of it. */
export async function findByDeviceCode(em: EntityManager, hash: string): Promise<Device | undefined> {
  return deviceOf(await em.execute<Row[]>(`select ${COLUMNS} from oauth2_device_code where hash = ?`, [hash]));
}

/** A device that still waits, by what is kept of its user code. */
export async function findByUserCode(em: EntityManager, userCode: string, now: Date): Promise<Device | undefined> {
  const sql = `select ${COLUMNS} from oauth2_device_code where user_code = ? and ${OPEN}`;
  return deviceOf(await em.execute<Row[]>(sql, [userCode, now]));
}

/** A device that still waits, by the flow that asks for approval. */
export async function findByReference(em: EntityManager, reference: string, now: Date): Promise<Device | undefined> {
  const sql = `select ${COLUMNS} from oauth2_device_code where reference = ? and ${OPEN}`;
  return deviceOf(await em.execute<Row[]>(sql, [reference, now]));
}

/** Remembers who is shown what the device asks for; whoever was before may not approve it any more. False when it waits no more. */
export async function showDevice(
  em: EntityManager,
  pk: string,
  { reference, shown }: { reference: string; shown: Shown },
  now: Date,
): Promise<boolean> {
  const sql = `update oauth2_device_code set reference = ?, shown = ?::jsonb, updated = ? where pk = ? and ${OPEN} returning pk`;
  return (await em.execute<unknown[]>(sql, [reference, JSON.stringify(shown), now, pk, now])).length === 1;
}

/** Approves or denies, once: of many at the same time one decides. */
export async function decideDevice(
  em: EntityManager,
  reference: string,
  approval: Approval | undefined,
  now: Date,
): Promise<boolean> {
  const verdict = approval ? JSON.stringify(approval) : null;
  const sql = `update oauth2_device_code set approval = ?::jsonb, denied = case when ?::jsonb is null then ?::timestamptz end, updated = ?
    where reference = ? and ${OPEN} returning pk`;
  return (await em.execute<unknown[]>(sql, [verdict, verdict, now, now, reference, now])).length === 1;
}

/** Uses an approval up. False when it was used before: of many at the same time one gets tokens. */
export async function useDevice(em: EntityManager, pk: string, now: Date): Promise<boolean> {
  const sql = `update oauth2_device_code set used = ?, updated = ?
    where pk = ? and used is null and approval is not null and expires > ? returning pk`;
  return (await em.execute<unknown[]>(sql, [now, now, pk, now])).length === 1;
}

/** How much earlier than it may a device may ask, in seconds: clocks and networks are not exact. */
const LEEWAY = 1;
/** RFC 8628, section 3.5: by how much the pause grows for a device that asks too often, and how long it gets. */
const SLOWER = 5;
const LONGEST = 60;

/** Counts a question of a device that nobody has answered yet. True when it came too early: the pause grows then. */
export async function countPoll(em: EntityManager, pk: string, now: Date): Promise<boolean> {
  const [row] = await em.execute<{ early: boolean }[]>(
    `with before as (
        select pk, pause, coalesce(polled > ?::timestamptz - (pause - ${LEEWAY}) * interval '1 second', false) as early
          from oauth2_device_code where pk = ? for update)
      update oauth2_device_code d set polled = ?, pause = least(d.pause + case when before.early then ${SLOWER} else 0 end, ${LONGEST})
        from before where d.pk = before.pk returning before.early`,
    [now, pk, now],
  );
  return row?.early === true;
}
