import { defineJob, FinalFailure, handles, type JobHandler, type JobOrder, job } from '@postern/jobs';
import type { InstanceApplication } from './instance.application.ts';
import type { InstanceEntity } from './instance.entity.ts';

/** Which instance to apply; the name is for those who watch. */
type ApplyArgs = { instance: string; name: string };

/** Applies an instance. */
export const applyBlueprintJob = defineJob<ApplyArgs>({
  name: 'tasks.apply_blueprint',
  deadlineMs: 300_000,
});

/**
 * An order for it.
 *
 * @param hash of the text as it was seen: a text that changes while it is applied is applied once more
 */
export function orderApplication({ pk, name }: Pick<InstanceEntity, 'pk' | 'name'>, hash: string): JobOrder {
  return job(applyBlueprintJob, { instance: pk, name }, { uniqueKey: `${pk} ${hash.slice(0, 32)}` });
}

/** What runs it. A blueprint that cannot be applied as it stands is not tried again until it changes, or until the next discovery. */
export function applyJob({ application }: { readonly application: InstanceApplication }): JobHandler {
  return handles(
    applyBlueprintJob,
    async ({ instance }, { tenant }) => {
      const { status, problems } = await application.run(tenant, instance);
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
