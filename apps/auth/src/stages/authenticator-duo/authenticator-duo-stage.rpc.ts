import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { authenticatorDuoModel, authenticatorDuoSettings } from './settings.ts';

/** Serves stages that set up Duo. */
export function createAuthenticatorDuoStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: authenticatorDuoModel,
    type: 'postern.auth.v1.AuthenticatorDuoStage',
    settings: authenticatorDuoSettings,
    message: (head, settings): auth.AuthenticatorDuoStage => ({ ...head, ...settings }),
  });
  return bind(auth.AuthenticatorDuoStageServiceDefinition, {
    listAuthenticatorDuoStages: methods.list,
    createAuthenticatorDuoStage: ({ authenticator_duo_stage }, call) => methods.create(authenticator_duo_stage, call),
    getAuthenticatorDuoStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateAuthenticatorDuoStage: ({ stage_uuid, authenticator_duo_stage, update_mask }, call) =>
      methods.update(stage_uuid, authenticator_duo_stage, update_mask, call),
    deleteAuthenticatorDuoStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listAuthenticatorDuoStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
