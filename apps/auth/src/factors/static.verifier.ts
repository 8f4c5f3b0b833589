import type { DeviceStore, DeviceVerifier, FactorVisit } from '../devices/index.ts';
import { fieldError, StageRefused } from '../plans/index.ts';

/** What judging codes that work once needs. */
export type StaticVerifierDeps = { readonly devices: Pick<DeviceStore, 'withCode' | 'takeCode'> };

const INVALID_TOKEN = { code: [fieldError('Invalid Token')] };

/** Judges codes that each work once, in upper and lower case as they were shown. */
export function createStaticVerifier({ devices }: StaticVerifierDeps): DeviceVerifier<FactorVisit> {
  return {
    class: 'static',
    answerField: 'code',
    challenge: async (_visit, [device]) => device && { device_uid: String(device.pk), challenge: {} },
    verify: async ({ request }, answer, owned) => {
      const code = String(answer).trim();
      const keys = owned.map(({ pk }) => pk);
      const found = await devices.withCode(request.tenant, keys, code);
      const device = owned.find(({ pk }) => pk === found);
      if (device === undefined) return { ok: false, errors: INVALID_TOKEN, tried: owned };
      return {
        ok: true,
        device,
        effect: async (tx) => {
          if (!(await devices.takeCode(tx, device.pk, code))) throw new StageRefused(INVALID_TOKEN);
          return undefined;
        },
      };
    },
  };
}
