import { type Egress, EgressError } from '@postern/egress';
import type { CaptchaSettings } from './settings.ts';

/** What a captcha service says about an answer. */
export type CaptchaVerdict =
  | { readonly kind: 'person' }
  | { readonly kind: 'refused' /** Why, in the service's words. */; readonly codes: readonly string[] }
  | { readonly kind: 'unreachable' };

/** What verifying takes. */
export type CaptchaQuestion = Pick<CaptchaSettings, 'api_url' | 'private_key'> & {
  readonly token: string;
  /** Address of the browser. */
  readonly address: string;
};

/** Words of a service that are passed on: neither many nor long, for they come from outside. */
const MOST_CODES = 10;
const LONGEST_CODE = 100;

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 64 * 1024;

/** Asks a captcha service whether the answer is good, by its `siteverify` protocol: a form with `secret`, `response` and `remoteip`, answered with JSON. */
export async function verifyCaptcha(
  egress: Pick<Egress, 'call'>,
  { api_url, private_key, token, address }: CaptchaQuestion,
): Promise<CaptchaVerdict> {
  const body = new URLSearchParams({ secret: private_key, response: token, remoteip: address }).toString();
  try {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES };
    const answer = await egress.call(api_url, { method: 'POST', headers, body, ...limits });
    return answer.status >= 400 ? { kind: 'unreachable' } : verdictOf(answer.body.toString());
  } catch (error) {
    if (error instanceof EgressError) return { kind: 'unreachable' };
    throw error;
  }
}

/** Nothing but a plain `true` passes. */
function verdictOf(text: string): CaptchaVerdict {
  const answer = parsed(text);
  if (typeof answer !== 'object' || answer === null) return { kind: 'unreachable' };
  if (Reflect.get(answer, 'success') === true) return { kind: 'person' };
  const codes: unknown = Reflect.get(answer, 'error-codes');
  const told = Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [];
  return { kind: 'refused', codes: told.slice(0, MOST_CODES).map((code) => code.slice(0, LONGEST_CODE)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
