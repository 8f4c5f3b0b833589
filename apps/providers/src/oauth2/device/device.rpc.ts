import type { Database } from '@postern/database';
import { providers } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { Clock } from '../ports.ts';
import { findByUserCode } from './device.repository.ts';
import type { EnterUserCode } from './enter.ts';
import type { AuthorizeDevice } from './request.ts';
import type { UserCodes } from './user-code.ts';

export type DeviceRpcDeps = {
  readonly db: Database;
  readonly authorizeDevice: AuthorizeDevice;
  readonly enterUserCode: EnterUserCode;
  readonly userCodes: UserCodes;
  readonly clock: Clock;
};

/** Serves devices, the page for their codes, and the login service. */
export function createDeviceRpc({
  db,
  authorizeDevice,
  enterUserCode,
  userCodes,
  clock,
}: DeviceRpcDeps): BoundService[] {
  return [
    bind(providers.DeviceServiceDefinition, {
      authorizeDevice,
      enterUserCode: async (request, call) => {
        call.response.redirect(await enterUserCode(request, call));
        call.response.header('cache-control', 'no-store');
        return { content_type: 'text/plain', data: Buffer.alloc(0), extensions: [] };
      },
    }),
    bind(providers.UserCodeServiceDefinition, {
      findUserCode: async ({ user_code }, call) => {
        const hash = userCodes.hash(user_code);
        if (hash === undefined) return { waits: false };
        const found = await db.read(call.context, (em) => findByUserCode(em, hash, clock.now()));
        return { waits: found !== undefined };
      },
    }),
  ];
}
