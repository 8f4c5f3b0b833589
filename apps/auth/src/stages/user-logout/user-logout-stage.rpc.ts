import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { userLogoutModel, userLogoutSettings } from './settings.ts';

/** Serves user logout stages. */
export function createUserLogoutStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: userLogoutModel,
    type: 'postern.auth.v1.UserLogoutStage',
    settings: userLogoutSettings,
    message: (head, settings): auth.UserLogoutStage => ({ ...head, ...settings }),
  });
  return bind(auth.UserLogoutStageServiceDefinition, {
    listUserLogoutStages: methods.list,
    createUserLogoutStage: ({ user_logout_stage }, call) => methods.create(user_logout_stage, call),
    getUserLogoutStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateUserLogoutStage: ({ stage_uuid, user_logout_stage, update_mask }, call) =>
      methods.update(stage_uuid, user_logout_stage, update_mask, call),
    deleteUserLogoutStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listUserLogoutStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
