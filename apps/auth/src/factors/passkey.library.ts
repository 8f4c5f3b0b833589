import type * as helpers from '@simplewebauthn/server/helpers';

/** The parts of the library that take ceremonies to pieces. */
export type PasskeyHelpers = typeof helpers;

/** What judges passkeys. It takes memory and time to load, certificates being a part of it: it waits for the first passkey. */
export async function passkeyLibrary() {
  const [library, parts] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ]);
  const { verifyAuthenticationResponse, verifyRegistrationResponse } = library;
  return { verifyAuthenticationResponse, verifyRegistrationResponse, helpers: parts };
}
