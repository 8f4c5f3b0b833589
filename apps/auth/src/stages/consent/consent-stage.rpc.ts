import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { checkDurations } from '../stage.codec.ts';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { consentModel, consentSettings } from './settings.ts';

/** Serves consent stages. */
export function createConsentStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: consentModel,
    type: 'postern.auth.v1.ConsentStage',
    settings: consentSettings,
    message: (head, settings): auth.ConsentStage => ({ ...head, ...settings }),
    check: (settings) => checkDurations(settings, ['consent_expire_in']),
  });
  return bind(auth.ConsentStageServiceDefinition, {
    listConsentStages: methods.list,
    createConsentStage: ({ consent_stage }, call) => methods.create(consent_stage, call),
    getConsentStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateConsentStage: ({ stage_uuid, consent_stage, update_mask }, call) =>
      methods.update(stage_uuid, consent_stage, update_mask, call),
    deleteConsentStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listConsentStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
