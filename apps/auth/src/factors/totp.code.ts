import { generateSecret, verifySync } from 'otplib';

/** How many digits a code has. */
export type Digits = 6 | 8;

/** Seconds of a time step. A code counts one step before and after its own, for clocks that are not right (RFC 6238, section 5.2). */
const STEP = 30;

/** A new secret: 20 random bytes, as long as the hash (RFC 4226, section 4), in base 32. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 });
}

/** The time step whose code this is, within one step of now; undefined for what is no code of this secret at this time. */
export function totpStep(secret: string, code: string, digits: Digits, now: Date): number | undefined {
  if (!/^\d+$/.test(code) || code.length !== digits) return undefined;
  const epoch = Math.floor(now.getTime() / 1000);
  const found = verifySync({ secret, token: code, digits, epoch, period: STEP, epochTolerance: STEP });
  return found.valid && 'timeStep' in found ? found.timeStep : undefined;
}

/** A code as people type it: spaces between its digits do not count. */
export function typedCode(text: string): string {
  return text.replaceAll(/\s/g, '');
}

/** Digits that a device was set up with. */
export function digitsOf(stored: unknown): Digits {
  return stored === 8 ? 8 : 6;
}

/** The address that authenticator apps read from a QR code. The issuer has no colon: it ends where one stands. */
export function configUrl({ title, username, secret, digits }: ConfigUrl): string {
  const issuer = quote(title.replaceAll(':', ''));
  const parameters = `secret=${secret}&algorithm=SHA1&digits=${digits}&period=${STEP}&issuer=${issuer}`;
  return `otpauth://totp/${issuer}%3A${quote(username)}?${parameters}`;
}

/** What an app is told. */
export type ConfigUrl = {
  /** Title of the brand, the issuer of the codes. */
  readonly title: string;
  readonly username: string;
  readonly secret: string;
  readonly digits: Digits;
};

/** Percent-encodes all but letters, digits, `-._~` and the slash. */
function quote(text: string): string {
  const encoded = encodeURIComponent(text).replaceAll('%2F', '/');
  return encoded.replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
