import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { passwordModel, passwordSettings } from './settings.ts';

/** Serves password stages. */
export function createPasswordStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: passwordModel,
    type: 'postern.auth.v1.PasswordStage',
    settings: passwordSettings,
    message: (head, settings): auth.PasswordStage => ({ ...head, ...settings }),
  });
  return bind(auth.PasswordStageServiceDefinition, {
    listPasswordStages: methods.list,
    createPasswordStage: ({ password_stage }, call) => methods.create(password_stage, call),
    getPasswordStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updatePasswordStage: ({ stage_uuid, password_stage, update_mask }, call) =>
      methods.update(stage_uuid, password_stage, update_mask, call),
    deletePasswordStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listPasswordStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
