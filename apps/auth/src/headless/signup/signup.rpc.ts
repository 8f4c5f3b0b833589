import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { HeadlessParts } from '../headless.parts.ts';
import { type SignupWay, signUp } from './sign-up.ts';
import { getVerification, resendVerification, verifyEmail } from './verify-email.ts';

/** Whoever signs up by passkey is asked for it last, instead of a password. */
const BY_PASSKEY: SignupWay = {
  isServed: ({ settings }) => settings.mfa_passkey_signup_enabled && settings.mfa_supported_types.includes('webauthn'),
  withPassword: false,
  memory: { mfa_signup_webauthn: {} },
};

/** Serves signing up. */
export function createSignupRpc(parts: HeadlessParts): BoundService {
  const { serve } = parts.frame;
  return bind(auth.HeadlessSignupServiceDefinition, {
    signUp: serve(signUp(parts)),
    signUpByPasskey: serve(signUp(parts, BY_PASSKEY)),
    getEmailVerification: serve(getVerification(parts)),
    verifyEmail: serve(verifyEmail(parts)),
    resendEmailVerification: serve(resendVerification(parts)),
  });
}
