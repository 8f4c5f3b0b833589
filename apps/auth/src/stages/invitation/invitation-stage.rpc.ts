import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { type StageMethodDeps, stageMethods } from '../stage-methods.rpc.ts';
import { invitationModel, invitationSettings } from './settings.ts';

/** Serves invitation stages. */
export function createInvitationStageRpc(deps: StageMethodDeps): BoundService {
  const methods = stageMethods(deps, {
    model: invitationModel,
    type: 'postern.auth.v1.InvitationStage',
    settings: invitationSettings,
    message: (head, settings): auth.InvitationStage => ({ ...head, ...settings }),
  });
  return bind(auth.InvitationStageServiceDefinition, {
    listInvitationStages: methods.list,
    createInvitationStage: ({ invitation_stage }, call) => methods.create(invitation_stage, call),
    getInvitationStage: ({ stage_uuid }, call) => methods.get(stage_uuid, call),
    updateInvitationStage: ({ stage_uuid, invitation_stage, update_mask }, call) =>
      methods.update(stage_uuid, invitation_stage, update_mask, call),
    deleteInvitationStage: ({ stage_uuid }, call) => methods.remove(stage_uuid, call),
    listInvitationStageUsedBy: ({ stage_uuid }, call) => methods.usedBy(stage_uuid, call),
  });
}
