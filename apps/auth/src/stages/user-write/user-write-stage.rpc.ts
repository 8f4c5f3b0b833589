import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { userWriteModel, userWriteSettings } from './settings.ts';

/** Serves user write stages. */
export function createUserWriteStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: userWriteModel,
    type: 'postern.auth.v1.UserWriteStage',
    settings: userWriteSettings,
    message: (head, settings): auth.UserWriteStage => ({ ...head, ...settings }),
  });
  return bind(auth.UserWriteStageServiceDefinition, {
    listUserWriteStages: methods.list,
    createUserWriteStage: ({ user_write_stage }, call) => methods.create(user_write_stage, call),
    getUserWriteStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateUserWriteStage: ({ stage_uuid, user_write_stage, update_mask }, call) =>
      methods.update(stage_uuid, user_write_stage, update_mask, call),
    deleteUserWriteStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listUserWriteStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
