import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { authenticatorTotpModel, authenticatorTotpSettings } from './settings.ts';

/** Serves stages that set up authenticator apps. */
export function createAuthenticatorTotpStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: authenticatorTotpModel,
    type: 'postern.auth.v1.AuthenticatorTotpStage',
    settings: authenticatorTotpSettings,
    message: (head, settings): auth.AuthenticatorTotpStage => ({ ...head, ...settings }),
  });
  return bind(auth.AuthenticatorTotpStageServiceDefinition, {
    listAuthenticatorTotpStages: methods.list,
    createAuthenticatorTotpStage: ({ authenticator_totp_stage }, call) =>
      methods.create(authenticator_totp_stage, call),
    getAuthenticatorTotpStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateAuthenticatorTotpStage: ({ stage_uuid, authenticator_totp_stage, update_mask }, call) =>
      methods.update(stage_uuid, authenticator_totp_stage, update_mask, call),
    deleteAuthenticatorTotpStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listAuthenticatorTotpStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
