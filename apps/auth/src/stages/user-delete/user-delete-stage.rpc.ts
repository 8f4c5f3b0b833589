import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { userDeleteModel, userDeleteSettings } from './settings.ts';

/** Serves user delete stages. */
export function createUserDeleteStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: userDeleteModel,
    type: 'postern.auth.v1.UserDeleteStage',
    settings: userDeleteSettings,
    message: (head, settings): auth.UserDeleteStage => ({ ...head, ...settings }),
  });
  return bind(auth.UserDeleteStageServiceDefinition, {
    listUserDeleteStages: methods.list,
    createUserDeleteStage: ({ user_delete_stage }, call) => methods.create(user_delete_stage, call),
    getUserDeleteStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateUserDeleteStage: ({ stage_uuid, user_delete_stage, update_mask }, call) =>
      methods.update(stage_uuid, user_delete_stage, update_mask, call),
    deleteUserDeleteStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listUserDeleteStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
