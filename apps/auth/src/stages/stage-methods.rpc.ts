import { type EntityManager, getOr404 } from '@postern/database';
import { common } from '@postern/errors';
import { requireSuperuser } from '../accounts/index.ts';
import { type Kind, type KindMethods, kindMethods } from '../families/index.ts';
import type { StageHead } from './stage.codec.ts';
import { StageEntity, type StageRow } from './stage.entity.ts';
import { type StageMethodDeps, stageFamily } from './stage.family.ts';
import type { StageModel } from './stage.model.ts';

export type { FlowSets, StageMethodDeps } from './stage.family.ts';

/** Gives a kind of stage its verbs. */
export function stageMethods<S extends object, Message extends StageHead>(
  deps: StageMethodDeps,
  kind: Kind<StageModel, S, StageHead, Message>,
): KindMethods<Message> {
  const { model, check } = kind;
  return kindMethods(deps, stageFamily(deps), {
    ...kind,
    check: (settings, call, before) => {
      const trusted = model.trusted ?? [];
      const isTouched = trusted.some((name) => Reflect.get(settings, name) !== Reflect.get(before, name));
      if (isTouched) requireSuperuser(call);
      return check?.(settings, call, before);
    },
  });
}

/** A stage by its key; of one kind, when a kind is named. Throws NOT_FOUND. */
export async function findStage(em: EntityManager, pk: string, kind?: string): Promise<StageRow> {
  const row = await getOr404(em, StageEntity, pk);
  if (kind !== undefined && row.kind !== kind) throw common.NOT_FOUND();
  return row;
}
