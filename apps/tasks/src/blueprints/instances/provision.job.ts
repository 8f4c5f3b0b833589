import { handles, type JobHandler } from '@postern/jobs';
import type { Discovery } from './discovery.ts';
import { provisionTenant } from './instance.orders.ts';

export type ProvisionJobDeps = {
  readonly discovery: Pick<Discovery, 'run'>;
  readonly provision: (tenant: string) => Promise<void>;
};

/** Gives a new tenant all that blueprints hold, one after the other in this job; what fails gets jobs of its own. The last look says that it is done. */
export function provisionJob({ discovery, provision }: ProvisionJobDeps): JobHandler {
  return handles(
    provisionTenant,
    async (_args, { tenant, signal }) => {
      await provision(tenant);
      await discovery.run([tenant], signal);
    },
    { description: 'Give a new tenant what it starts with' },
  );
}
