import { type ModelVerb, modelFact } from '@postern/resource';
import type { ApplicationRow } from './application.entity.ts';
import { applications } from './application.resource.ts';

/** The fact that an application was created, changed or deleted. */
export function applicationFact(
  verb: ModelVerb,
  { pk, name }: Pick<ApplicationRow, 'pk' | 'name'>,
  changed: readonly string[] = [],
) {
  const { subject, model, families = [] } = applications;
  return modelFact(subject, verb, { model, pk, name, families }, changed);
}
