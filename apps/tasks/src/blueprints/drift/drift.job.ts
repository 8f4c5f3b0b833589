import { type Database, DEFAULT_TENANT } from '@postern/database';
import { defineJob, handles, type JobHandler, type Jobs, job } from '@postern/jobs';
import { Instance } from '../instances/index.ts';
import type { LookForDrift } from './drift.operations.ts';

export type DriftJobDeps = {
  readonly db: Pick<Database, 'read' | 'write' | 'system'>;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly lookForDrift: LookForDrift;
};

/** Looks at all instances of a tenant; without a tenant, asks for one look in each. */
const lookAtBlueprints = defineJob({ name: 'tasks.look_for_drift', deadlineMs: 600_000 });

/** Runs daily. Instances that were applied are looked at, one after the other: nobody waits for it. */
export function driftJob({ db, jobs, lookForDrift }: DriftJobDeps): JobHandler {
  async function ask(): Promise<number> {
    const rows = await db.system((em) => em.execute<{ tenant: string }[]>('select tenant from known_tenant'));
    const tenants = new Set([DEFAULT_TENANT, ...rows.map(({ tenant }) => tenant)]);
    for (const tenant of tenants) {
      await db.write({ tenant }, (em) =>
        jobs.enqueue(em, { tenant }, job(lookAtBlueprints, {}, { uniqueKey: tenant })),
      );
    }
    return tenants.size;
  }

  async function look(tenant: string, signal: AbortSignal): Promise<string[]> {
    const applied = { enabled: true, status: { $in: ['successful' as const, 'warning' as const] } };
    const rows = await db.read({ tenant }, (em) => em.find(Instance, applied, { orderBy: { name: 'asc' } }));
    const drifting: string[] = [];
    for (const { pk, name } of rows) {
      signal.throwIfAborted();
      const { status } = await lookForDrift(tenant, pk);
      if (status === 'warning') drifting.push(name);
    }
    return drifting;
  }

  return handles(
    lookAtBlueprints,
    async (_args, { tenant, signal }) => {
      if (tenant === '') return { messages: [`Asked for a look in ${await ask()} tenants.`] };
      const drifting = await look(tenant, signal);
      if (drifting.length === 0) return { messages: ['No objects differ from their blueprints.'] };
      return { messages: drifting.map((name) => `Objects differ from the blueprint ${name}.`), status: 'warning' };
    },
    {
      description: 'Find objects that differ from the blueprints that made them',
      schedule: { cron: '41 3 * * *' },
      task: 'blueprints_drift',
      visible: 'after_run',
    },
  );
}
