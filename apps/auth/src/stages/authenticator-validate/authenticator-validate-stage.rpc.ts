import { invalidField } from '@postern/errors';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { checkDurations } from '../stage.codec.ts';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import {
  type AuthenticatorValidateSettings,
  authenticatorValidateModel,
  authenticatorValidateSettings,
} from './settings.ts';

/** Serves stages that ask for a second factor. */
export function createAuthenticatorValidateStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: authenticatorValidateModel,
    type: 'postern.auth.v1.AuthenticatorValidateStage',
    settings: authenticatorValidateSettings,
    message: (head, settings): auth.AuthenticatorValidateStage => ({ ...head, ...settings }),
    check,
  });
  return bind(auth.AuthenticatorValidateStageServiceDefinition, {
    listAuthenticatorValidateStages: methods.list,
    createAuthenticatorValidateStage: ({ authenticator_validate_stage }, call) =>
      methods.create(authenticator_validate_stage, call),
    getAuthenticatorValidateStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateAuthenticatorValidateStage: ({ stage_uuid, authenticator_validate_stage, update_mask }, call) =>
      methods.update(stage_uuid, authenticator_validate_stage, update_mask, call),
    deleteAuthenticatorValidateStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listAuthenticatorValidateStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}

const NO_STAGES = 'When "Not configured action" is set to "Configure", you must set a configuration stage.';

function check(settings: AuthenticatorValidateSettings) {
  if (settings.not_configured_action === 'configure' && settings.configuration_stages.length === 0) {
    return invalidField('not_configured_action', NO_STAGES, 'CONFIGURATION_STAGES_MISSING');
  }
  return checkDurations(settings, ['last_auth_threshold']);
}
