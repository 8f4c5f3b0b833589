import type { Device } from '../../devices/index.ts';
import type { JsonObject } from '../../plans/index.ts';

/** Recovery codes of somebody: all of their lists of codes taken together. */
export type RecoveryCodes = {
  readonly devices: readonly Device[];
  /** How many there were; of lists that do not say so, those that are left. */
  readonly total: number;
  /** How many can still be used. */
  readonly unused: number;
  /** Those of them that are still known in clear. */
  readonly codes: readonly string[];
};

function times(devices: readonly Device[]): JsonObject {
  const used = devices.flatMap(({ lastUsed }) => (lastUsed === null ? [] : [lastUsed.getTime()]));
  const created = Math.max(...devices.map((device) => device.created.getTime()));
  return {
    created_at: created / 1000,
    last_used_at: used.length === 0 ? null : Math.max(...used) / 1000,
  };
}

/** An authenticator app. */
export function encodeTotp(device: Device): JsonObject {
  return { type: 'totp', ...times([device]) };
}

/** Recovery codes without the codes. */
export function encodeRecoveryCodes({ devices, total, unused }: RecoveryCodes): JsonObject {
  return { type: 'recovery_codes', ...times(devices), total_code_count: total, unused_code_count: unused };
}

/** A passkey or security key. Whether it signs in alone is left out where its browser did not say. */
export function encodePasskey(device: Device): JsonObject {
  const { pk, name, data } = device;
  const isPasswordless: JsonObject =
    typeof data.is_passwordless === 'boolean' ? { is_passwordless: data.is_passwordless } : {};
  return { type: 'webauthn', ...times([device]), id: pk, name, ...isPasswordless };
}
