import { FinalFailure, handles, type JobHandler } from '@postern/jobs';
import type { InstanceApplication } from './instance.application.ts';
import { applyBlueprintJob } from './instance.orders.ts';

/** What applies instances. A blueprint that cannot be applied as it stands is not tried again until it changes, or until the next discovery. */
export function applyJob({ application }: { readonly application: InstanceApplication }): JobHandler {
  return handles(
    applyBlueprintJob,
    async ({ instance, hash }, { tenant }) => {
      const { status, problems } = await application.run(tenant, instance, { hash });
      if (status === 'error') throw new FinalFailure(problems.join('\n'));
      return { messages: status === 'successful' ? ['Successfully applied blueprint.'] : [] };
    },
    {
      description: 'Apply single blueprint',
      task: 'apply_blueprint',
      uid: ({ name }) => slugOf(name),
      visible: 'on_failure',
    },
  );
}

/** `Default - Brand` is `default-brand`. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_\s-]/g, '')
    .replaceAll(/[\s-]+/g, '-')
    .replaceAll(/^[-_]+|[-_]+$/g, '');
}
