import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@postern/database';
import type { Jobs } from '@postern/jobs';
import type { Logger } from '@postern/observability';
import type { Call } from '@postern/rpc';
import type { InstanceApplication } from './instance.application.ts';
import type { InstanceEntity } from './instance.entity.ts';
import { orderApplication } from './instance.orders.ts';

export type ApplyOnRequestDeps = {
  readonly db: Pick<Database, 'write'>;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly application: InstanceApplication;
  readonly log: Logger;
};

/** Time that is left to answer with, in milliseconds. */
const MARGIN_MS = 2_000;

/**
 * Applies an instance for somebody who waits. One that takes longer than they may wait goes on without them. Never throws: whatever goes wrong stands on the
 * instance; the reasons stand in the task of its job, which tries once more, and which forgets them once it succeeds.
 */
export function createApplyOnRequest({ db, jobs, application, log }: ApplyOnRequestDeps) {
  async function attempt({ pk, name, status: before }: InstanceEntity, { context }: Call): Promise<void> {
    const { tenant } = context;
    const after = await application.run(tenant, pk, { asker: context }).catch((err: unknown) => {
      log.error({ err, tenant, instance: pk }, 'the application of a blueprint broke off');
      return { status: 'error' };
    });
    if (after.status !== 'error' && before !== 'error') return;
    await db.write({ tenant }, (em) => jobs.enqueue(em, { tenant }, orderApplication({ pk, name })));
  }

  return async (row: InstanceEntity, call: Call): Promise<void> => {
    const done = new AbortController();
    const patience = Math.max(0, call.deadline - Date.now() - MARGIN_MS);
    const applied = attempt(row, call)
      .catch((err: unknown) => log.error({ err, instance: row.pk }, 'a failed application was not noted'))
      .finally(() => done.abort());
    await Promise.race([
      applied,
      sleep(patience, undefined, { signal: done.signal, ref: false }).catch(() => undefined),
    ]);
  };
}
