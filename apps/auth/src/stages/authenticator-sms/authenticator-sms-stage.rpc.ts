import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { authenticatorSmsModel, authenticatorSmsSettings } from './settings.ts';

/** Serves stages that set up codes by SMS. */
export function createAuthenticatorSmsStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: authenticatorSmsModel,
    type: 'postern.auth.v1.AuthenticatorSmsStage',
    settings: authenticatorSmsSettings,
    message: (head, settings): auth.AuthenticatorSmsStage => ({ ...head, ...settings }),
  });
  return bind(auth.AuthenticatorSmsStageServiceDefinition, {
    listAuthenticatorSmsStages: methods.list,
    createAuthenticatorSmsStage: ({ authenticator_sms_stage }, call) => methods.create(authenticator_sms_stage, call),
    getAuthenticatorSmsStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateAuthenticatorSmsStage: ({ stage_uuid, authenticator_sms_stage, update_mask }, call) =>
      methods.update(stage_uuid, authenticator_sms_stage, update_mask, call),
    deleteAuthenticatorSmsStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listAuthenticatorSmsStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
