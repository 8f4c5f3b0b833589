import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { dummyModel, dummySettings } from './settings.ts';

/** Serves dummy stages. */
export function createDummyStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: dummyModel,
    type: 'postern.auth.v1.DummyStage',
    settings: dummySettings,
    message: (head, settings): auth.DummyStage => ({ ...head, ...settings }),
  });
  return bind(auth.DummyStageServiceDefinition, {
    listDummyStages: methods.list,
    createDummyStage: ({ dummy_stage }, call) => methods.create(dummy_stage, call),
    getDummyStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateDummyStage: ({ stage_uuid, dummy_stage, update_mask }, call) =>
      methods.update(stage_uuid, dummy_stage, update_mask, call),
    deleteDummyStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listDummyStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
