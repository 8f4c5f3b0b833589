import { common } from '@postern/errors';
import type { auth, directory } from '@postern/proto';
import { asService, type Client } from '@postern/rpc';
import type { DeviceAttempts, DeviceBrands } from './ports.ts';

/** Attempts, counted by the login service. */
export function createDeviceAttempts(client: Client<auth.AttemptServiceDefinition>): DeviceAttempts {
  return {
    async reserve(kind, user, call) {
      const { allowed } = await client.reserveAttempt({ kind, user }, asService(call.context.tenant, call));
      return allowed;
    },
  };
}

/** The brand of a host, asked from the directory. */
export function createDeviceBrands(
  client: Pick<Client<directory.BrandServiceDefinition>, 'getCurrentBrand'>,
): DeviceBrands {
  return {
    async deviceFlow(call) {
      const brand = await client.getCurrentBrand({}, asService(call.context.tenant, call)).catch((error: unknown) => {
        if (common.NOT_FOUND.is(error)) return undefined;
        throw error;
      });
      return brand?.flow_device_code || undefined;
    },
  };
}
