import { asService } from '@postern/rpc';
import type { UserCodes } from '../stages/index.ts';
import type { FlowClients } from './flow.client.ts';

/** Codes that devices show, asked of the service that their clients talk to. */
export function createUserCodes({ userCodes }: Pick<FlowClients, 'userCodes'>): UserCodes {
  return {
    waits: async (tenant, code) => (await userCodes.findUserCode({ user_code: code }, asService(tenant))).waits,
  };
}
