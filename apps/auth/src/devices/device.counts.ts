import type { Database } from '@postern/database';
import type { FlowTransaction } from '../plans/index.ts';

/** Wrong answers of devices in a row, and the time for which they cost a device. */
export type DeviceCounts = {
  /** Whether the device takes answers now; nobody else judges one of it before the transaction ends. */
  mayTry(tx: FlowTransaction, pk: number): Promise<boolean>;
  /**
   * Counts a wrong answer: after n of them the device takes none for 2^(n-1) seconds. While it takes none, nothing is counted. The first
   * `free` in a row cost no waiting; default: none is free.
   */
  failed(tx: FlowTransaction, pks: readonly number[], free?: number): Promise<void>;
  /** Whether one of these devices takes no answers now. */
  isWaiting(tenant: string, pks: readonly number[]): Promise<boolean>;
  /** Their owner has proved themselves by another device: the counts of these start again. One that somebody judges right now keeps its own. */
  forgive(tx: FlowTransaction, pks: readonly number[]): Promise<void>;
};

/** While it is locked, a device takes no answer. */
export const OPEN = '(locked_until is null or locked_until <= ?)';

/** The count of tries after which the wait no longer doubles: 2^16 seconds, most of a day. */
const LONGEST_WAIT = 16;

/** Creates them. */
export function createDeviceCounts({
  database,
  clock,
}: {
  readonly database: Pick<Database, 'read'>;
  readonly clock: () => Date;
}): DeviceCounts {
  return {
    mayTry: async (tx, pk) => {
      const sql = `select 1 from device where pk = ? and ${OPEN} for update`;
      return (await tx.execute<unknown[]>(sql, [pk, clock()])).length > 0;
    },
    failed: async (tx, pks, free = 0) => {
      const now = clock();
      // In the order of their keys, so that two who count the same devices never wait for each other.
      for (const pk of [...pks].sort((a, b) => a - b)) {
        await tx.execute(
          `update device set failures = failures + 1, updated = ?,
             locked_until = case when failures < ? then null
               else ?::timestamptz + make_interval(secs => power(2, least(failures, ${LONGEST_WAIT}))) end
           where pk = ? and ${OPEN}`,
          [now, free, now, pk, now],
        );
      }
    },
    isWaiting: (tenant, pks) =>
      database.read({ tenant }, async (em) => {
        if (pks.length === 0) return false;
        const sql = `select 1 from device where pk in (${marks(pks)}) and not ${OPEN} limit 1`;
        return (await em.execute<unknown[]>(sql, [...pks, clock()])).length > 0;
      }),
    forgive: async (tx, pks) => {
      if (pks.length === 0) return;
      // Nobody waits here: whoever counts a wrong answer meanwhile holds these rows, and wants that of the device that was right.
      const idle = `select pk from device where pk in (${marks(pks)}) and failures > 0 for update skip locked`;
      const sql = `update device set failures = 0, locked_until = null, updated = ? where pk in (${idle})`;
      await tx.execute(sql, [clock(), ...pks]);
    },
  };
}

/** A question mark for each value. */
export function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
