import type { EntityManager } from '@postern/database';
import { QUEUE_SCHEMA } from './job.migrations.ts';

/** Deletes the jobs of a deleted tenant, those that wait and those that are remembered, and what they said of themselves. What runs finds nothing of its tenant. */
export async function forgetJobs(tenant: string, em: EntityManager): Promise<void> {
  await em.execute(`delete from ${QUEUE_SCHEMA}.job where data ->> 'tenant' = ? and state <> 'active'`, [tenant]);
  await em.execute('delete from system_task where tenant = ?', [tenant]);
}
