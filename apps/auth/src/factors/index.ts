/**
 * Second factors as such: codes of authenticator apps, codes that each work once, passkeys. Stages of flows and the headless API set them up,
 * ask for them and judge their answers by what is here, against the same devices and counters.
 */

export { credentialOf, descriptorOf, textIn } from './credential.ts';
export { createFactorVerifiers } from './factor.verifiers.ts';
export { type AskedFactor, type FactorJudgement, type FailedFactor, judgeFactors } from './factors.judge.ts';
export { type Registration, registrationOptions } from './registration.options.ts';
export { type AskedRegistration, type Registered, readRegistration } from './registration.verifier.ts';
export { type RelyingParty, relyingPartyOf } from './relying-party.ts';
export { configUrl, digitsOf, newTotpSecret, totpStep, typedCode } from './totp.code.ts';
export { createWebauthnVerifier } from './webauthn.verifier.ts';
