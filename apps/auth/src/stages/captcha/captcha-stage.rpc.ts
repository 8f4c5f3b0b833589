import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { captchaModel, captchaSettings } from './settings.ts';

/** Serves captcha stages. */
export function createCaptchaStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: captchaModel,
    type: 'postern.auth.v1.CaptchaStage',
    settings: captchaSettings,
    message: (head, settings): auth.CaptchaStage => ({ ...head, ...settings }),
  });
  return bind(auth.CaptchaStageServiceDefinition, {
    listCaptchaStages: methods.list,
    createCaptchaStage: ({ captcha_stage }, call) => methods.create(captcha_stage, call),
    getCaptchaStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateCaptchaStage: ({ stage_uuid, captcha_stage, update_mask }, call) =>
      methods.update(stage_uuid, captcha_stage, update_mask, call),
    deleteCaptchaStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listCaptchaStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
