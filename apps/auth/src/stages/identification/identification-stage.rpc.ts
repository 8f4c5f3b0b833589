import { invalidField } from '@postern/errors';
import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { identificationModel, identificationSettings } from './settings.ts';

/** Serves identification stages. */
export function createIdentificationStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: identificationModel,
    type: 'postern.auth.v1.IdentificationStage',
    settings: identificationSettings,
    message: (head, settings): auth.IdentificationStage => ({ ...head, ...settings }),
    check: ({ user_fields, sources }) =>
      user_fields.length === 0 && sources.length === 0
        ? invalidField('', 'When no user fields are selected, at least one source must be selected', 'NOTHING_TO_ASK')
        : undefined,
  });
  return bind(auth.IdentificationStageServiceDefinition, {
    listIdentificationStages: methods.list,
    createIdentificationStage: ({ identification_stage }, call) => methods.create(identification_stage, call),
    getIdentificationStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateIdentificationStage: ({ stage_uuid, identification_stage, update_mask }, call) =>
      methods.update(stage_uuid, identification_stage, update_mask, call),
    deleteIdentificationStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listIdentificationStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
