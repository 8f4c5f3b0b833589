/**
 * Devices that cannot show a sign-in: RFC 8628. A device asks for two codes, the person enters the short one on a browser, sees there who asks for
 * what and approves it, and the device gets its tokens for the long one. `enter.ts` and `approve.ts` are the two ends of the flow of the client.
 */

import { approvalOf } from './approval.ts';
import { type ApproveDevice, type ApproveDeviceDeps, createApproveDevice } from './approve.ts';
import { createDeviceRpc } from './device.rpc.ts';
import { createEnterUserCode, type EnterUserCodeDeps } from './enter.ts';
import { createAuthorizeDevice, type DeviceRequestDeps } from './request.ts';
import { createUserCodes } from './user-code.ts';

export { createDeviceAttempts, createDeviceBrands } from './device.client.ts';
export { DeviceCodeEntity } from './device.entity.ts';
export { deviceMigrations } from './device.migrations.ts';
export type { DeviceAttempts, DeviceBrands } from './ports.ts';
export { createDeviceGrant } from './redeem.ts';

type DeviceDeps = Omit<ApproveDeviceDeps & EnterUserCodeDeps & DeviceRequestDeps, 'userCodes'> & {
  /** The installation's secrets: user codes are hashed with the first. */
  readonly secrets: readonly string[];
};

/** Creates the endpoints of devices, and what a flow for one of them ends in. */
export function createDevices(deps: DeviceDeps) {
  const userCodes = createUserCodes(deps);
  const all = { ...deps, userCodes };
  const approve = createApproveDevice(deps);
  return {
    services: createDeviceRpc({
      ...all,
      authorizeDevice: createAuthorizeDevice(all),
      enterUserCode: createEnterUserCode(all),
    }),
    /** What completes a flow: devices' own, all others the way they are completed otherwise. */
    completing:
      (otherwise: ApproveDevice): ApproveDevice =>
      (request, call) =>
        (approvalOf(request.reference) === undefined ? otherwise : approve)(request, call),
  };
}
