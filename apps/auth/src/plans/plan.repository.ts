import { asLast, type Database, type EntityManager, prepared } from '@postern/database';
import type { Plan } from './plan.ts';
import type { PlanChange, PlanStore, PlanWork, StoredPlan } from './ports.ts';

/** What the store of plans needs. */
export type PlanRepositoryDeps = {
  readonly database: Pick<Database, 'write' | 'statement'>;
  readonly clock: () => Date;
  readonly ids: () => string;
};

/** How long a plan waits, in milliseconds, until somebody has answered. Whoever only looks leaves a row for an hour, and not for longer by looking again. */
const UNANSWERED_MS = 3_600_000;
/** How long a plan waits for the next answer. */
const ANSWERED_MS = 86_400_000;

type Row = { pk: string; version: number; plan: Plan };

const REMOVE = asLast(prepared('delete from flow_plan where pk = ? and version = ? returning 1'));
const ADVANCE = asLast(
  prepared(`update flow_plan set version = version + 1, session = ?, flow = ?, plan = ?::jsonb, expires = coalesce(?::timestamptz, expires)
    where pk = ? and version = ? returning 1`),
);
// Takes the row's lock: whoever read the same version waits here, and then finds it gone.
const TAKE = prepared('update flow_plan set version = version + 1 where pk = ? and version = ? returning 1');
const FORGET = prepared('delete from flow_plan where session = ?');
const FIND = prepared('select pk, version, plan from flow_plan where session = ? and expires > ?');
// Plans that nobody came back to go a few at a time, so that nothing has to wake up for them. They are an array, which is read once: a set might
// be looked for anew for each plan there is.
const PLACE = prepared(`with gone as (delete from flow_plan where pk = any (array(
    select pk from flow_plan where expires <= ? and session <> ? limit 20 for update skip locked)))
  insert into flow_plan (pk, session, flow, plan, expires) values (?, ?, ?, ?::jsonb, ?)
  on conflict (tenant_id, session) do update
  set pk = excluded.pk, flow = excluded.flow, version = 1, plan = excluded.plan, expires = excluded.expires`);

/** Runs a statement of a transaction, or as one of its own. */
type Run = <Row extends object>(sql: string, values: unknown[]) => Promise<Row[]>;

/** Creates the store of plans: a row for each browser session, advanced by a statement that names the version it was read at. */
export function createPlanRepository({ database, clock, ids }: PlanRepositoryDeps): PlanStore {
  const after = (milliseconds: number) => new Date(clock().getTime() + milliseconds);
  const within =
    (em: EntityManager): Run =>
    (sql, values) =>
      em.execute(sql, values);
  const alone =
    (tenant: string): Run =>
    (sql, values) =>
      database.statement({ tenant }, sql, values);
  /** Writes a plan that is still at this version, and ends the transaction; false when it is not. Without `expires` it waits no longer than before. */
  const store = async (
    run: Run,
    stored: StoredPlan,
    { plan, session }: PlanChange,
    version: number,
    expires?: Date,
  ) => {
    const { id } = stored;
    const rows =
      plan === undefined
        ? await run(REMOVE, [id, version])
        : await run(ADVANCE, [
            session?.key ?? stored.session,
            plan.flow,
            JSON.stringify(plan),
            expires ?? null,
            id,
            version,
          ]);
    return rows.length > 0;
  };
  const place = async (
    run: Run,
    { id, session, plan }: Pick<StoredPlan, 'id' | 'session' | 'plan'>,
  ): Promise<StoredPlan> => {
    await run(PLACE, [clock(), session, id, session, plan.flow, JSON.stringify(plan), after(UNANSWERED_MS)]);
    return { id, session, version: 1, plan };
  };
  /** Does what a stage wants in the transaction that stores where it leads. */
  const work = async (em: EntityManager, stored: StoredPlan, change: PlanWork, version: number) => {
    const changed = await change(em);
    await em.flush();
    await store(within(em), stored, changed, version, after(ANSWERED_MS));
    return changed;
  };
  /** The first advance of a plan that was not stored: nobody else can have advanced it. */
  const start = async (tenant: string, { id, session, plan }: StoredPlan, change: PlanChange | PlanWork) => {
    if (typeof change === 'function')
      return database.write({ tenant }, async (em) => {
        const placed = await place(within(em), { id, session, plan });
        return work(em, placed, change, placed.version);
      });
    if (change.plan === undefined) await alone(tenant)(FORGET, [session]);
    else await place(alone(tenant), { id, session: change.session?.key ?? session, plan: change.plan });
    return change;
  };
  return {
    begin: (session, plan) => ({ id: ids(), session, version: 0, plan }),
    place: (tx, session, plan) => place(within(tx), { id: ids(), session, plan }),
    async find(tenant, session): Promise<StoredPlan | undefined> {
      const [row] = await alone(tenant)<Row>(FIND, [session, clock()]);
      return row && { id: row.pk, session, version: row.version, plan: row.plan };
    },
    put: (tenant, session, plan) => place(alone(tenant), { id: ids(), session, plan }),
    async advance(tenant, stored, change) {
      if (stored.version === 0) return start(tenant, stored, change);
      if (typeof change !== 'function')
        return (await store(alone(tenant), stored, change, stored.version)) ? change : undefined;
      return database.write({ tenant }, async (em) => {
        const taken = await em.execute<unknown[]>(TAKE, [stored.id, stored.version]);
        return taken.length === 0 ? undefined : work(em, stored, change, stored.version + 1);
      });
    },
  };
}
