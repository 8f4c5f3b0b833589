import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { denyModel, denySettings } from './settings.ts';

/** Serves deny stages. */
export function createDenyStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: denyModel,
    type: 'postern.auth.v1.DenyStage',
    settings: denySettings,
    message: (head, settings): auth.DenyStage => ({ ...head, ...settings }),
  });
  return bind(auth.DenyStageServiceDefinition, {
    listDenyStages: methods.list,
    createDenyStage: ({ deny_stage }, call) => methods.create(deny_stage, call),
    getDenyStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateDenyStage: ({ stage_uuid, deny_stage, update_mask }, call) =>
      methods.update(stage_uuid, deny_stage, update_mask, call),
    deleteDenyStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listDenyStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
