import { createHash } from 'node:crypto';
import { PolicyFailed } from '../policy.question.ts';

/** Passwords that are known to have leaked. */
export type LeakedPasswords = {
  /** How often a password is known to have leaked. Throws `PolicyFailed` when nobody answers. */
  readonly count: (password: string, signal: AbortSignal) => Promise<number>;
};

/** What asking needs. */
export type LeakedPasswordsDeps = {
  readonly fetch: typeof fetch;
  /** Address of the service, without the prefix. */
  readonly address: string;
};

/** Address of the public service. */
export const PWNED_PASSWORDS = 'https://api.pwnedpasswords.com/range/';

/** Asks by the first five digits of the hash: the service never learns which password it was. */
export function createLeakedPasswords({ fetch, address }: LeakedPasswordsDeps): LeakedPasswords {
  return {
    async count(password, signal) {
      const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
      const text = await rangeOf(`${address}${hash.slice(0, 5)}`, fetch, signal);
      const line = text.split(/\r?\n/).find((one) => one.startsWith(`${hash.slice(5)}:`));
      return line === undefined ? 0 : Number.parseInt(line.slice(36), 10) || 0;
    },
  };
}

async function rangeOf(address: string, get: typeof fetch, signal: AbortSignal): Promise<string> {
  try {
    // Padded, so that the length of the answer tells nothing either.
    const response = await get(address, { headers: { 'add-padding': 'true' }, signal, redirect: 'error' });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.text();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyFailed(`Leaked passwords cannot be looked up: ${reason}.`);
  }
}
