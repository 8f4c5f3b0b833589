import { invalidField } from '@postern/errors';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import {
  type AuthenticatorStaticSettings,
  authenticatorStaticModel,
  authenticatorStaticSettings,
  LONGEST_CODE,
  MOST_CODES,
} from './settings.ts';

/** Serves stages that show codes that each work once. */
export function createAuthenticatorStaticStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: authenticatorStaticModel,
    type: 'postern.auth.v1.AuthenticatorStaticStage',
    settings: authenticatorStaticSettings,
    message: (head, settings): auth.AuthenticatorStaticStage => ({ ...head, ...settings }),
    check,
  });
  return bind(auth.AuthenticatorStaticStageServiceDefinition, {
    listAuthenticatorStaticStages: methods.list,
    createAuthenticatorStaticStage: ({ authenticator_static_stage }, call) =>
      methods.create(authenticator_static_stage, call),
    getAuthenticatorStaticStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateAuthenticatorStaticStage: ({ stage_uuid, authenticator_static_stage, update_mask }, call) =>
      methods.update(stage_uuid, authenticator_static_stage, update_mask, call),
    deleteAuthenticatorStaticStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listAuthenticatorStaticStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}

function check({ token_count, token_length }: AuthenticatorStaticSettings) {
  const lengths = beyond('token_length', token_length, LONGEST_CODE);
  return lengths ?? beyond('token_count', token_count, Math.min(MOST_CODES, 62 ** token_length));
}

function beyond(field: string, value: number, most: number) {
  if (value >= 1 && value <= most) return undefined;
  return invalidField(field, `Ensure this value is between 1 and ${most}.`, 'CODES_IMPOSSIBLE');
}
