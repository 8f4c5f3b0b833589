import { defineJob, type JobOrder, job } from '@postern/jobs';
import type { InstanceEntity } from './instance.entity.ts';

/** Which instance to apply, and the hash of the text that is to be applied, if that is why; the name is for those who watch. */
export type ApplyArgs = { instance: string; name: string; hash?: string };

/** Applies an instance. Tried for about an hour: at a first start the other services may be a while in coming. */
export const applyBlueprintJob = defineJob<ApplyArgs>({
  name: 'tasks.apply_blueprint',
  attempts: 20,
  deadlineMs: 300_000,
});

/** Looks for blueprints in the folder. */
export const discoverBlueprints = defineJob({ name: 'tasks.discover_blueprints', deadlineMs: 600_000 });

/** Applies to a new tenant what is new to it: everything. */
export const provisionTenant = defineJob({ name: 'tasks.provision_tenant', attempts: 20, deadlineMs: 300_000 });

/**
 * An order to apply an instance.
 *
 * @param hash of the text as it was seen: a text that changes while it is applied is applied once more. Left out, it is applied in any case
 */
export function orderApplication({ pk, name }: Pick<InstanceEntity, 'pk' | 'name'>, hash?: string): JobOrder {
  const key = hash?.slice(0, 32) ?? 'asked';
  return job(applyBlueprintJob, { instance: pk, name, ...(hash && { hash }) }, { uniqueKey: `${pk} ${key}` });
}
