/**
 * Passkeys and security keys in the headless API: as a second factor, in place of a password, and instead of one for whoever signs up. They are the
 * devices of the flows, made and judged by the same code. Decision 251.
 */

export { createPasskeySignupStage } from './passkey.signup.ts';
export { createWebauthnRpc } from './webauthn.rpc.ts';
