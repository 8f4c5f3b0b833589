import type { DeviceStore, DeviceVerifier, FactorVisit } from '../devices/index.ts';
import { createStaticVerifier } from './static.verifier.ts';
import { createTotpVerifier } from './totp.verifier.ts';
import { createWebauthnVerifier } from './webauthn.verifier.ts';

/** Who judges the answers of the classes that ask nobody elsewhere. */
export function createFactorVerifiers(deps: {
  readonly devices: DeviceStore;
  readonly clock: () => Date;
}): readonly DeviceVerifier<FactorVisit>[] {
  return [createStaticVerifier(deps), createTotpVerifier(deps), createWebauthnVerifier(deps)];
}
