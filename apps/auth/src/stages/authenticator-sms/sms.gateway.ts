import { type Egress, EgressError, type EgressRequest } from '@postern/egress';
import type { JsonValue } from '../../plans/index.ts';
import type { AuthenticatorSmsSettings } from './settings.ts';

/** A message on its way out. */
export type SmsMessage = {
  readonly number: string;
  readonly code: string;
  /** What the person reads. */
  readonly text: string;
  /** What a mapping made to be posted instead of the usual body. */
  readonly body?: JsonValue;
};

/** Whether a provider took a message; if not, its reason, which the person is told. */
export type SmsVerdict =
  | { readonly sent: true }
  | { readonly sent: false; readonly reason: string; readonly status?: number };

/** What sending takes. */
export type SmsGatewayDeps = {
  readonly egress: Pick<Egress, 'call'>;
  /** Address of Twilio's API, without a path. */
  readonly twilio: string;
};

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64 * 1024;
/** Characters of a provider's reason that are passed on: it comes from outside. */
const LONGEST_REASON = 255;

/** Hands a message to the provider of a stage. Throws nothing that a provider can cause. */
export async function sendSms(
  { egress, twilio }: SmsGatewayDeps,
  settings: AuthenticatorSmsSettings,
  message: SmsMessage,
): Promise<SmsVerdict> {
  const isTwilio = settings.provider === 'twilio';
  const [url, request] = isTwilio ? twilioCall(twilio, settings, message) : genericCall(settings, message);
  try {
    const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES };
    const { status, body } = await egress.call(url, { method: 'POST', ...request, ...limits });
    if (status < 400) return { sent: true };
    const text = body.toString();
    return { sent: false, reason: presentable((isTwilio ? twilioReason(text) : text) || `HTTP ${status}`), status };
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    return { sent: false, reason: `The provider could not be reached: ${error.reason}` };
  }
}

type Call = readonly [url: string, request: Pick<EgressRequest, 'headers' | 'body'>];

/** Twilio's Messages resource: a form, answered with JSON, the account's number and token as basic credentials. */
function twilioCall(base: string, settings: AuthenticatorSmsSettings, { number, text }: SmsMessage): Call {
  const { account_sid, auth, from_number } = settings;
  const url = `${base}/2010-04-01/Accounts/${encodeURIComponent(account_sid)}/Messages.json`;
  const body = new URLSearchParams({ From: from_number, To: number, Body: text }).toString();
  const headers = { authorization: basic(account_sid, auth), 'content-type': 'application/x-www-form-urlencoded' };
  return [url, { headers, body }];
}

/** Any other provider: JSON, posted to the address that takes the place of the account. */
function genericCall(settings: AuthenticatorSmsSettings, message: SmsMessage): Call {
  const { account_sid, auth, auth_password, auth_type, from_number } = settings;
  const { number, code, text, body = { From: from_number, To: number, Body: code, Message: text } } = message;
  const authorization = auth_type === 'bearer' ? `Bearer ${auth}` : basic(auth, auth_password);
  return [account_sid, { headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) }];
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function twilioReason(text: string): string {
  try {
    const read: unknown = JSON.parse(text);
    const message: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, 'message') : undefined;
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}

function presentable(text: string): string {
  const plain = text.replaceAll(/\p{C}+/gu, ' ').trim();
  return plain.length > LONGEST_REASON ? `${plain.slice(0, LONGEST_REASON)}…` : plain;
}
