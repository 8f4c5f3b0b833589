import type { Egress } from '@postern/egress';
import { PolicyFailed } from '../policy.question.ts';
import { countIn, type LeakedPasswords, sha1Of } from './leaked.ts';

/** What asking needs. */
export type LeakedServiceDeps = {
  readonly egress: Pick<Egress, 'call'>;
  /** Address of the service, without the prefix. */
  readonly url: string;
};

/** Milliseconds that an answer may take: somebody waits before a form. */
const TIMEOUT_MS = 5_000;

/** Asks a service by the first five digits of the hash (k-anonymity): it never learns which password it was. */
export function askForLeaked({ egress, url }: LeakedServiceDeps): LeakedPasswords {
  return {
    async count(password, signal) {
      const hash = sha1Of(password);
      const address = `${url.replace(/\/*$/, '/')}${hash.slice(0, 5)}`;
      return countIn(await rangeOf(egress, address, signal), hash.slice(5));
    },
  };
}

async function rangeOf(egress: LeakedServiceDeps['egress'], address: string, signal: AbortSignal): Promise<string> {
  try {
    // Padded, so that the length of the answer tells nothing either.
    const request = { headers: { 'add-padding': 'true' }, timeoutMs: TIMEOUT_MS, signal };
    const { status, body } = await egress.call(address, request);
    if (status !== 200) throw new Error(`status ${status}`);
    return body.toString('latin1');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyFailed(`Leaked passwords cannot be looked up: ${reason}.`);
  }
}
