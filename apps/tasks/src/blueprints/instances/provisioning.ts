import type { Logger } from '@postern/observability';
import type { Discovery, DueInstance } from './discovery.ts';
import type { InstanceApplication } from './instance.application.ts';

export type ProvisioningDeps = {
  readonly discovery: Pick<Discovery, 'due'>;
  readonly application: InstanceApplication;
  readonly log: Logger;
  /** Milliseconds after which no further blueprint is begun. Default 30 s. */
  readonly patienceMs?: number;
};

/**
 * Applies to a tenant, at once, what is new among the files of the folder: all of it as one, and where something is in the way one after the other. Never
 * throws: what fails, or takes too long, is left to the jobs.
 */
export function createProvisioning({ discovery, application, log, patienceMs = 30_000 }: ProvisioningDeps) {
  /** One transaction of each service instead of one for each blueprint. Answers what is left to be done. */
  async function together(tenant: string, due: readonly DueInstance[]): Promise<readonly DueInstance[]> {
    if (due.length < 2) return due;
    const names = due.map(({ name }) => name);
    const isDone = await application.runTogether(tenant, names).catch((err: unknown) => {
      log.warn({ err, tenant }, 'blueprints are applied one by one');
      return false;
    });
    return isDone ? [] : due;
  }

  return async (tenant: string): Promise<void> => {
    const late = AbortSignal.timeout(patienceMs);
    const started = performance.now();
    try {
      const due = await discovery.due(tenant);
      let failed = 0;
      for (const { pk, hash } of await together(tenant, due)) {
        if (late.aborted) break;
        // One that another wanted applied first is done already.
        const { status } = await application.run(tenant, pk, { hash }).catch((err: unknown) => {
          log.warn({ err, tenant, instance: pk }, 'a blueprint is left to its job');
          return { status: 'error' };
        });
        if (status === 'error') failed += 1;
      }
      const milliseconds = Math.round(performance.now() - started);
      if (due.length > 0) log.info({ tenant, blueprints: due.length, failed, milliseconds }, 'blueprints applied');
    } catch (err) {
      log.error({ err, tenant }, 'the folder of blueprints could not be looked at');
    }
  };
}
