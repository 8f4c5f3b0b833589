import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { promptModel, promptSettings } from './settings.ts';

/** Serves prompt stages. */
export function createPromptStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: promptModel,
    type: 'postern.auth.v1.PromptStage',
    settings: promptSettings,
    message: (head, settings): auth.PromptStage => ({ ...head, ...settings }),
  });
  return bind(auth.PromptStageServiceDefinition, {
    listPromptStages: methods.list,
    createPromptStage: ({ prompt_stage }, call) => methods.create(prompt_stage, call),
    getPromptStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updatePromptStage: ({ stage_uuid, prompt_stage, update_mask }, call) =>
      methods.update(stage_uuid, prompt_stage, update_mask, call),
    deletePromptStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listPromptStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
