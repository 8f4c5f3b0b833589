import type { BoundService } from '@postern/rpc';
import { createConsentStageRpc } from './consent/rpc.ts';
import { createDummyStageRpc } from './dummy/rpc.ts';
import { createIdentificationStageRpc } from './identification/rpc.ts';
import { createPasswordStageRpc } from './password/rpc.ts';
import { createPromptStageRpc } from './prompt/rpc.ts';
import { createPromptRpc } from './prompt.rpc.ts';
import type { StageMethodDeps } from './stage.methods.ts';
import { createStageRpc } from './stage.rpc.ts';
import { createUserLoginStageRpc } from './user-login/rpc.ts';
import { createUserLogoutStageRpc } from './user-logout/rpc.ts';
import { createUserWriteStageRpc } from './user-write/rpc.ts';

/** The services by which administrators look after stages. */
export function createStageServices(deps: StageMethodDeps): readonly BoundService[] {
  return [
    createStageRpc(deps),
    createConsentStageRpc(deps),
    createDummyStageRpc(deps),
    createIdentificationStageRpc(deps),
    createPasswordStageRpc(deps),
    createPromptStageRpc(deps),
    createPromptRpc(deps),
    createUserLoginStageRpc(deps),
    createUserLogoutStageRpc(deps),
    createUserWriteStageRpc(deps),
  ];
}
