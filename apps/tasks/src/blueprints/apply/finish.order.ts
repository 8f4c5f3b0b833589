import { defineJob, type JobOrder, job } from '@postern/jobs';

/** Which application. */
export type FinishBlueprintArgs = { readonly commitment: string };

/** Finishes an application that committed in some services and whose process died before the others. */
export const finishBlueprint = defineJob<FinishBlueprintArgs>({
  name: 'tasks.finish_blueprint',
  attempts: 20,
  deadlineMs: 300_000,
});

/** An order to look, at a later time, whether an application was finished. */
export function orderFinish(commitment: string, startAfter: Date): JobOrder {
  return job(finishBlueprint, { commitment }, { uniqueKey: commitment, startAfter });
}
