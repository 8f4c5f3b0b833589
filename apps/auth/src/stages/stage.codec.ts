import type { PlainRow } from '@postern/database';
import { durationError } from '@postern/durations';
import { invalidField } from '@postern/errors';
import type { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { StageRow } from './stage.entity.ts';
import type { StageModel } from './stage.model.ts';

/** What the API says about every stage. */
export type StageHead = Pick<
  auth.Stage,
  'pk' | 'name' | 'component' | 'verbose_name' | 'verbose_name_plural' | 'meta_model_name' | 'flow_set'
>;

/** Whether a caller may see the readable secrets of a kind: whoever may change it. */
export function maySeeSecrets({ principal }: Call['context'], model: string): boolean {
  if (principal.kind === 'service') return true;
  if (principal.kind !== 'user') return false;
  return principal.superuser || principal.permissions.includes(model.replace('.', '.change_'));
}

/** What a stage and its kind are called. */
export function headOf(
  row: Pick<PlainRow<StageRow>, 'pk' | 'name'>,
  model: StageModel | undefined,
  flows: auth.FlowSet[],
): StageHead {
  return {
    pk: row.pk,
    name: row.name,
    component: model?.component ?? '',
    verbose_name: model?.verboseName ?? '',
    verbose_name_plural: model?.verboseNamePlural ?? '',
    meta_model_name: model?.model ?? '',
    flow_set: flows,
  };
}

/** The first setting that should be a duration and is none. */
export function checkDurations(settings: Readonly<Record<string, unknown>>, names: readonly string[]) {
  for (const name of names) {
    const wrong = durationError(String(settings[name]));
    if (wrong !== undefined) return invalidField(name, wrong, 'DURATION_INVALID');
  }
  return undefined;
}
