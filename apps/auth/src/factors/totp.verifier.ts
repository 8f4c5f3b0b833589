import type { Device, DeviceStore, DeviceVerifier, FactorVisit } from '../devices/index.ts';
import { fieldError, StageRefused } from '../plans/index.ts';
import { digitsOf, totpStep, typedCode } from './totp.code.ts';

/** What judging codes of authenticator apps needs. */
export type TotpVerifierDeps = { readonly devices: Pick<DeviceStore, 'takeStep'>; readonly clock: () => Date };

const INVALID_TOKEN = { code: [fieldError('Invalid Token')] };

/** Judges codes of authenticator apps. A time step counts once, and none before it does after it (RFC 6238, section 5.2). */
export function createTotpVerifier({ devices, clock }: TotpVerifierDeps): DeviceVerifier<FactorVisit> {
  return {
    class: 'totp',
    answerField: 'code',
    challenge: async (_visit, [device]) => device && { device_uid: String(device.pk), challenge: {} },
    verify: async (_visit, answer, owned) => {
      const code = typedCode(String(answer));
      const found = owned
        .map((device) => ({ device, step: stepOf(device, code, clock()) }))
        .find((one): one is { device: Device; step: number } => one.step !== undefined);
      if (found === undefined) return { ok: false, errors: INVALID_TOKEN, tried: owned };
      const { device, step } = found;
      return {
        ok: true,
        device,
        effect: async (tx) => {
          if (!(await devices.takeStep(tx, device.pk, step))) throw new StageRefused(INVALID_TOKEN);
          return undefined;
        },
      };
    },
  };
}

/** A device that was never set up to the end has no secret, and no code. */
function stepOf({ secret, data }: Device, code: string, now: Date): number | undefined {
  return secret === '' ? undefined : totpStep(secret, code, digitsOf(data.digits), now);
}
