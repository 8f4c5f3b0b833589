import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { authenticatorWebauthnModel, authenticatorWebauthnSettings } from './settings.ts';

/** Serves stages that set up passkeys. */
export function createAuthenticatorWebauthnStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: authenticatorWebauthnModel,
    type: 'postern.auth.v1.AuthenticatorWebauthnStage',
    settings: authenticatorWebauthnSettings,
    message: (head, settings): auth.AuthenticatorWebauthnStage => ({ ...head, ...settings }),
  });
  return bind(auth.AuthenticatorWebauthnStageServiceDefinition, {
    listAuthenticatorWebauthnStages: methods.list,
    createAuthenticatorWebauthnStage: ({ authenticator_webauthn_stage }, call) =>
      methods.create(authenticator_webauthn_stage, call),
    getAuthenticatorWebauthnStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateAuthenticatorWebauthnStage: ({ stage_uuid, authenticator_webauthn_stage, update_mask }, call) =>
      methods.update(stage_uuid, authenticator_webauthn_stage, update_mask, call),
    deleteAuthenticatorWebauthnStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listAuthenticatorWebauthnStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
