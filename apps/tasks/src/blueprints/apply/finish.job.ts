import { handles, type JobHandler } from '@postern/jobs';
import { finishBlueprint } from './finish.order.ts';

/** Applies again what is still noted; applying is idempotent. Throws while it does not succeed, to be tried again. */
export function finishJob(finish: (tenant: string, id: string) => Promise<'nothing' | 'finished'>): JobHandler {
  return handles(
    finishBlueprint,
    async ({ commitment }, { tenant }) => {
      const outcome = await finish(tenant, commitment);
      return { messages: outcome === 'finished' ? ['Applied again what a stopped process had left half done.'] : [] };
    },
    { description: 'Finish blueprints that a stopped process has left half applied.' },
  );
}
