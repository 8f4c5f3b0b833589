import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { checkDurations } from '../stage.codec.ts';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { userLoginModel, userLoginSettings } from './settings.ts';

/** Serves user login stages. */
export function createUserLoginStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: userLoginModel,
    type: 'postern.auth.v1.UserLoginStage',
    settings: userLoginSettings,
    message: (head, settings): auth.UserLoginStage => ({ ...head, ...settings }),
    check: (settings) => checkDurations(settings, ['session_duration', 'remember_me_offset']),
  });
  return bind(auth.UserLoginStageServiceDefinition, {
    listUserLoginStages: methods.list,
    createUserLoginStage: ({ user_login_stage }, call) => methods.create(user_login_stage, call),
    getUserLoginStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateUserLoginStage: ({ stage_uuid, user_login_stage, update_mask }, call) =>
      methods.update(stage_uuid, user_login_stage, update_mask, call),
    deleteUserLoginStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listUserLoginStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
