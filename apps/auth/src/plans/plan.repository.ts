import { asLast, type Database, type EntityManager } from '@postern/database';
import type { Plan } from './plan.ts';
import type { PlanChange, PlanStore, PlanWork, StoredPlan } from './ports.ts';

/** What the store of plans needs. */
export type PlanRepositoryDeps = {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly clock: () => Date;
  readonly ids: () => string;
};

/** How long a plan waits, in milliseconds, until somebody has answered. Whoever only looks leaves a row for an hour, and not for longer by looking again. */
const UNANSWERED_MS = 3_600_000;
/** How long a plan waits for the next answer. */
const ANSWERED_MS = 86_400_000;

type Row = { pk: string; version: number; plan: Plan };

/** Creates the store of plans: a row for each browser session, advanced by a statement that names the version it was read at. */
export function createPlanRepository({ database, clock, ids }: PlanRepositoryDeps): PlanStore {
  const after = (milliseconds: number) => new Date(clock().getTime() + milliseconds);
  /** Writes a plan that is still at this version, and ends the transaction; false when it is not. Without `expires` it waits no longer than before. */
  const store = async (
    em: EntityManager,
    stored: StoredPlan,
    { plan, session }: PlanChange,
    version: number,
    expires?: Date,
  ) => {
    const [sql, values] =
      plan === undefined
        ? ['delete from flow_plan where pk = ? and version = ? returning 1', []]
        : [
            `update flow_plan set version = version + 1, session = ?, flow = ?, plan = ?::jsonb, expires = coalesce(?::timestamptz, expires)
             where pk = ? and version = ? returning 1`,
            [session?.key ?? stored.session, plan.flow, JSON.stringify(plan), expires ?? null],
          ];
    await em.flush();
    return (await em.execute<unknown[]>(asLast(sql), [...values, stored.id, version])).length > 0;
  };
  const place = async (
    em: EntityManager,
    { id, session, plan }: Pick<StoredPlan, 'id' | 'session' | 'plan'>,
    isLast = false,
  ): Promise<StoredPlan> => {
    // Plans that nobody came back to go a few at a time, so that nothing has to wake up for them.
    const sql = `with gone as (delete from flow_plan where pk in (
         select pk from flow_plan where expires <= ? and session <> ? limit 20 for update skip locked))
       insert into flow_plan (pk, session, flow, plan, expires) values (?, ?, ?, ?::jsonb, ?)
       on conflict (tenant_id, session) do update
       set pk = excluded.pk, flow = excluded.flow, version = 1, plan = excluded.plan, expires = excluded.expires`;
    const values = [clock(), session, id, session, plan.flow, JSON.stringify(plan), after(UNANSWERED_MS)];
    await em.execute(isLast ? asLast(sql) : sql, values);
    return { id, session, version: 1, plan };
  };
  /** The first advance of a plan that was not stored: nobody else can have advanced it. */
  const start = async (em: EntityManager, { id, session, plan }: StoredPlan, change: PlanChange | PlanWork) => {
    if (typeof change === 'function') {
      const placed = await place(em, { id, session, plan });
      const changed = await change(em);
      await store(em, placed, changed, placed.version, after(ANSWERED_MS));
      return changed;
    }
    if (change.plan === undefined) await em.execute('delete from flow_plan where session = ?', [session]);
    else await place(em, { id, session: change.session?.key ?? session, plan: change.plan }, true);
    return change;
  };
  return {
    begin: (session, plan) => ({ id: ids(), session, version: 0, plan }),
    place: (tx, session, plan) => place(tx, { id: ids(), session, plan }),
    find: (tenant, session) =>
      database.read({ tenant }, async (em): Promise<StoredPlan | undefined> => {
        const rows = await em.execute<Row[]>(
          'select pk, version, plan from flow_plan where session = ? and expires > ?',
          [session, clock()],
        );
        return rows[0] && { id: rows[0].pk, session, version: rows[0].version, plan: rows[0].plan };
      }),
    put: (tenant, session, plan) => database.write({ tenant }, (em) => place(em, { id: ids(), session, plan }, true)),
    advance: (tenant, stored, change) =>
      database.write({ tenant }, async (em) => {
        if (stored.version === 0) return start(em, stored, change);
        if (typeof change !== 'function') {
          return (await store(em, stored, change, stored.version)) ? change : undefined;
        }
        // Takes the row's lock: whoever read the same version waits here, and then finds it gone.
        const taken = await em.execute<unknown[]>(
          'update flow_plan set version = version + 1 where pk = ? and version = ? returning 1',
          [stored.id, stored.version],
        );
        if (taken.length === 0) return undefined;
        const changed = await change(em);
        await store(em, stored, changed, stored.version + 1, after(ANSWERED_MS));
        return changed;
      }),
  };
}
