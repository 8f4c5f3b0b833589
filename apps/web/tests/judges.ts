import { CODES, SECRET, SMS_CODE, STATIC_STAGE } from './authenticator-challenges.ts';
import { isTotp } from './totp-double.ts';
import type { createWebauthnDouble } from './webauthn-double.ts';

export type Body = Readonly<Record<string, unknown>>;
export type Errors = Readonly<Record<string, readonly { string: string; code: string }[]>>;

/** What the double keeps of one test. */
export type Memory = {
  readonly webauthn: ReturnType<typeof createWebauthnDouble>;
  /** Where text messages with the code went. */
  readonly texts: string[];
  mails: number;
  /** Times that passkeys were offered to whoever is asked for a name, and milliseconds that an offer is good for. */
  offers: number;
  offerLasts: number;
  /** What the person does in Duo, next. */
  duo: 'success' | 'waiting' | 'invalid' | 'deny' | 'allow';
};

type Visit = { readonly body: Body; readonly memory: Memory; readonly origin: string };

/** Undefined lets the answer pass; otherwise why not, and what the challenge says from now on. */
type Judge = (visit: Visit) => { readonly errors?: Errors; readonly changes?: object } | undefined;

const refuse = (field: string, string: string, code = 'invalid', changes?: object) => ({
  errors: { [field]: [{ string, code }] },
  changes,
});

const digits = (code: unknown, length = 6) => String(code).padStart(length, '0');

/** Which answers pass, by the component they answer: as the executor judges them. */
export const judges: Readonly<Record<string, Judge>> = {
  'ak-stage-authenticator-totp': ({ body }) =>
    isTotp(SECRET, digits(body.code)) ? undefined : refuse('code', 'Code does not match'),

  'ak-stage-authenticator-sms': ({ body, memory }) => {
    if (body.code !== undefined) {
      const fits = memory.texts.length > 0 && digits(body.code) === SMS_CODE;
      return fits ? undefined : refuse('code', 'Code does not match', 'invalid', { phone_number_required: false });
    }
    const number = String(body.phone_number ?? '');
    if (!/^\+\d{8,15}$/.test(number)) return refuse('phone_number', 'Invalid phone number');
    memory.texts.push(number);
    return { errors: {}, changes: { phone_number_required: false } };
  },

  'ak-stage-authenticator-webauthn': ({ body, memory, origin }) =>
    memory.webauthn.register((body.response ?? {}) as Body, origin)
      ? undefined
      : refuse('response', 'Registration failed. Error: Unexpected challenge.'),

  'ak-stage-identification': ({ body, memory, origin }) =>
    body.webauthn === undefined || memory.webauthn.prove(body.webauthn as Body, origin)
      ? undefined
      : refuse('webauthn', 'Assertion failed'),

  'ak-stage-authenticator-validate': validate,

  'ak-stage-email': ({ memory }) => {
    memory.mails += 1;
    return refuse('non_field_errors', 'email-sent', 'email-sent');
  },

  'ak-stage-captcha': ({ body }) =>
    body.token === 'human' ? undefined : refuse('token', "Failed to validate token: ['invalid-input-response']"),

  'ak-provider-oauth2-device-code': ({ body }) =>
    body.code === 123456789 ? undefined : refuse('code', 'Invalid code'),
};

function validate({ body, memory, origin }: Visit) {
  if (body.selected_stage !== undefined) {
    return body.selected_stage === STATIC_STAGE ? undefined : refuse('selected_stage', 'Selected stage is invalid');
  }
  if (body.webauthn !== undefined) {
    return memory.webauthn.prove(body.webauthn as Body, origin) ? undefined : refuse('webauthn', 'Assertion failed');
  }
  if (body.duo !== undefined) {
    // Nothing is decided: the same challenge without errors.
    if (memory.duo === 'waiting') return {};
    return memory.duo === 'allow' ? undefined : refuse('duo', 'Duo denied access', 'denied');
  }
  if (body.code !== undefined) {
    const code = String(body.code);
    const fits = isTotp(SECRET, code) || CODES.includes(code) || (memory.texts.length > 0 && code === SMS_CODE);
    return fits ? undefined : refuse('code', 'Invalid Token');
  }
  const selected = body.selected_challenge as { device_class?: string } | undefined;
  if (selected?.device_class === 'duo') memory.duo = 'allow';
  if (selected?.device_class === 'sms') memory.texts.push('the phone on record');
  return refuse('non_field_errors', 'Empty response');
}
