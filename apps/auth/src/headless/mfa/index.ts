/**
 * Second factors in the headless API: asked for in a login, shown once more, set up and given up; browsers that are trusted. The devices, their
 * judges and their counters are those of the flows. Decision 250.
 */

export { type Account, createAccountChanges } from './account.changes.ts';
export { encodePasskey } from './authenticators.codec.ts';
export { type Authenticators, createAuthenticators, type Owner, typesOf } from './authenticators.ts';
export { type Checked, createFactorChecks, type FactorChecks } from './factor.checks.ts';
export { createMfaRpc } from './mfa.rpc.ts';
export { createMfaStage, createMfaTrustStage } from './mfa.stages.ts';
export { createTrustedBrowsers, type TrustedBrowsers } from './trusted.browsers.ts';
export { factorRecord, passedWith, whileWaiting } from './two.factors.ts';
