/** What somebody may do who has signed up and waits for a code: every operation of the API, and the ways out. */

import type { auth as protos } from '@postern/proto';

/** Somebody who signs up. */
export type Newcomer = Readonly<
  Record<'username' | 'password' | 'email' | 'phone' | 'otherEmail' | 'otherPhone', string>
>;

type Somebody = { readonly username: string; readonly password: string };
type Sent = {
  readonly body?: (me: Newcomer, somebody?: Somebody) => unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: string;
};

/** A step of somebody on their way, with the code that came to them. */
type Step = {
  readonly path: string;
  readonly status: number;
  readonly body: (me: Newcomer, codeTo: (where: string) => Promise<string>) => unknown;
};

/** How somebody signs up in a tenant, what of it is somebody else's, and how they go on. */
export type Life = {
  readonly settings: Partial<protos.HeadlessSettings>;
  readonly fields: readonly (keyof Newcomer)[];
  readonly taken: readonly ('email' | 'phone')[];
  readonly path?: string;
  readonly steps: readonly Step[];
  /** Whether the steps lead to a session. */
  readonly endsAt: 'session' | 'waiting';
};

const WRONG = 'BCDF-GHJK';
const credential = { id: 'x', rawId: 'x', type: 'public-key', response: {} };
const asking = (name: string, key = WRONG) => ({ headers: { [name]: key } });

/** What leaves a sign-up waiting: asked one after the other. */
export const NEUTRAL: Readonly<Record<string, Sent>> = {
  'GET /config': {},
  'GET /auth/session': {},
  'POST /auth/login': { body: () => ({ username: 'nobody', password: 'wrong' }) },
  'POST /auth/signup': { body: () => ({}) },
  'POST /auth/webauthn/signup': { body: () => ({}) },
  'GET /auth/email/verify': asking('x-email-verification-key'),
  'POST /auth/email/verify': { body: () => ({}) },
  'POST /auth/email/verify/resend': {},
  'POST /auth/phone/verify': { body: () => ({ code: WRONG }) },
  'POST /auth/phone/verify/resend': {},
  'POST /auth/reauthenticate': { body: ({ password }) => ({ password }) },
  'POST /auth/password/request': { body: () => ({ email: 'no address' }) },
  'GET /auth/password/reset': asking('x-password-reset-key'),
  'POST /auth/password/reset': { body: ({ password }) => ({ key: WRONG, password }) },
  'POST /auth/provider/redirect': {
    form: 'provider=none&process=login&callback_url=/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  'POST /auth/provider/token': {
    body: () => ({ provider: 'none', process: 'login', token: { client_id: 'x', id_token: 'x' } }),
  },
  'GET /auth/provider/signup': {},
  'POST /auth/provider/signup': { body: ({ otherEmail: email }) => ({ email }) },
  'POST /auth/2fa/authenticate': { body: () => ({ code: '123456' }) },
  'POST /auth/2fa/reauthenticate': { body: () => ({ code: '123456' }) },
  'POST /auth/2fa/trust': { body: () => ({ trust: true }) },
  'GET /auth/webauthn/authenticate': {},
  'POST /auth/webauthn/authenticate': { body: () => ({ credential }) },
  'GET /auth/webauthn/reauthenticate': {},
  'POST /auth/webauthn/reauthenticate': { body: () => ({ credential }) },
  'GET /auth/webauthn/login': {},
  'POST /auth/webauthn/login': { body: () => ({ credential }) },
  'GET /auth/webauthn/signup': {},
  'PUT /auth/webauthn/signup': { body: () => ({ credential }) },
  'POST /auth/code/request': { body: () => ({ email: 'no address' }) },
  'POST /auth/code/confirm': { body: () => ({ code: WRONG }) },
  'POST /auth/code/resend': {},
  'GET /account/providers': {},
  'DELETE /account/providers': { body: () => ({ provider: 'none', account: '1' }) },
  'GET /account/email': {},
  'POST /account/email': { body: ({ email }) => ({ email }) },
  'PUT /account/email': { body: ({ email }) => ({ email }) },
  'PATCH /account/email': { body: ({ email }) => ({ email, primary: true }) },
  'DELETE /account/email': { body: ({ email }) => ({ email }) },
  'GET /account/phone': {},
  'POST /account/phone': { body: ({ phone }) => ({ phone }) },
  'POST /account/phone?no-number': { body: () => ({ phone: '0612' }) },
  'GET /account/authenticators': {},
  'GET /account/authenticators/totp': {},
  'POST /account/authenticators/totp': { body: () => ({ code: '123456' }) },
  'DELETE /account/authenticators/totp': {},
  'GET /account/authenticators/recovery-codes': {},
  'POST /account/authenticators/recovery-codes': {},
  'GET /account/authenticators/webauthn': {},
  'POST /account/authenticators/webauthn': { body: () => ({ credential }) },
  'PUT /account/authenticators/webauthn': { body: () => ({ id: 1, name: 'x' }) },
  'DELETE /account/authenticators/webauthn': { body: () => ({ authenticators: [1] }) },
  'POST /tokens/refresh': { body: () => ({ refresh_token: 'x' }) },
  'POST /account/password/change': {
    body: ({ password }) => ({ current_password: password, new_password: 'seven rivers' }),
  },
  'GET /auth/sessions': {},
  'DELETE /auth/sessions': { body: () => ({ sessions: [1] }) },
  'POST /account/email?elsewhere': { body: ({ otherEmail: email }) => ({ email }) },
  'POST /account/phone?elsewhere': { body: ({ otherPhone: phone }) => ({ phone }) },
  'POST /account/phone?too-often': { body: ({ phone }) => ({ phone }) },
  'POST /auth/email/verify/resend?too-often': {},
  'POST /auth/phone/verify/resend?too-often': {},
};

/** What puts something else in the place of the sign-up. */
export const ENDING: Readonly<Record<string, Sent>> = {
  'DELETE /auth/session': {},
  'POST /auth/login': { body: (_me, somebody) => ({ username: somebody?.username, password: somebody?.password }) },
  'POST /auth/signup': {
    body: ({ otherEmail: email, otherPhone: phone, password }) => ({
      username: `${email.split('@')[0]}-2`,
      email,
      phone,
      password,
    }),
  },
  'POST /auth/code/request': { body: ({ email }) => ({ email }) },
  'POST /auth/password/request': { body: ({ email }) => ({ email }) },
};

const NO_RATES = Object.fromEntries(
  [
    'login',
    'login_failed',
    'signup',
    'reset_password',
    'reset_password_from_key',
    'change_phone',
    'manage_email',
    'request_login_code',
    'confirm_email_by_link',
    'confirm_email_by_code',
    'verify_phone',
  ].map((action) => [action, '']),
);

const ALL = {
  rate_limits: NO_RATES,
  login_by_code_enabled: true,
  login_by_code_supports_resend: 1,
  password_reset_by_code_enabled: true,
  email_verification_supports_resend: 1,
  email_verification_supports_change: 1,
  phone_verification_supports_resend: 1,
  phone_verification_supports_change: 1,
  mfa_supported_types: ['totp', 'recovery_codes', 'webauthn'],
  mfa_passkey_login_enabled: true,
  mfa_passkey_signup_enabled: true,
  mfa_trust_enabled: true,
};
const BY_LINK = { ...ALL, signup_fields: ['username*', 'email*', 'password1*'], email_verification: 'mandatory' };
const BY_CODE = { ...BY_LINK, email_verification_by_code_enabled: true };
const NUMBERS = { ...ALL, signup_fields: ['username*', 'phone*', 'password1*'], email_verification: 'none' };
const TWO = { ...BY_CODE, signup_fields: ['username*', 'email*', 'phone*', 'password1*'] };
const SAME: readonly (keyof Newcomer)[] = ['username', 'email', 'phone', 'password'];

const moveEmail: Step = { path: '/account/email', status: 200, body: ({ otherEmail: email }) => ({ email }) };
const movePhone: Step = { path: '/account/phone', status: 202, body: ({ otherPhone: phone }) => ({ phone }) };
const wrong = (path: string, name: string): Step => ({ path, status: 400, body: () => ({ [name]: WRONG }) });
const codeFrom = (path: string, name: string, where: keyof Newcomer, status: number): Step => ({
  path,
  status,
  body: async (me, codeTo) => ({ [name]: await codeTo(me[where]) }),
});
const VERIFY_EMAIL = '/auth/email/verify';
const VERIFY_PHONE = '/auth/phone/verify';
const again = (path: string): Step => ({ path: `${path}/resend`, status: 200, body: () => ({}) });

/** The same once the first code has come. */
const againFrom = (path: string, where: keyof Newcomer): Step => ({
  path: `${path}/resend`,
  status: 200,
  body: async (me, codeTo) => void (await codeTo(me[where])),
});

/** Ways of signing up with what is somebody's. */
export const LIVES: Readonly<Record<string, Life>> = {
  'an address, by a link': {
    settings: BY_LINK,
    fields: ['username', 'email', 'password'],
    taken: ['email'],
    steps: [wrong(VERIFY_EMAIL, 'key')],
    endsAt: 'waiting',
  },
  'an address, by a code': {
    settings: BY_CODE,
    fields: ['username', 'email', 'password'],
    taken: ['email'],
    steps: [
      wrong(VERIFY_EMAIL, 'key'),
      again(VERIFY_EMAIL),
      moveEmail,
      codeFrom(VERIFY_EMAIL, 'key', 'otherEmail', 200),
    ],
    endsAt: 'session',
  },
  'a number': {
    settings: NUMBERS,
    fields: ['username', 'phone', 'password'],
    taken: ['phone'],
    steps: [
      wrong(VERIFY_PHONE, 'code'),
      again(VERIFY_PHONE),
      movePhone,
      codeFrom(VERIFY_PHONE, 'code', 'otherPhone', 200),
    ],
    endsAt: 'session',
  },
  'a number, with an address of their own': {
    settings: TWO,
    fields: SAME,
    taken: ['phone'],
    steps: [movePhone, codeFrom(VERIFY_PHONE, 'code', 'otherPhone', 401), codeFrom(VERIFY_EMAIL, 'key', 'email', 200)],
    endsAt: 'session',
  },
  'an address, with a number of their own': {
    settings: TWO,
    fields: SAME,
    taken: ['email'],
    steps: [
      codeFrom(VERIFY_PHONE, 'code', 'phone', 401),
      wrong(VERIFY_EMAIL, 'key'),
      moveEmail,
      codeFrom(VERIFY_EMAIL, 'key', 'otherEmail', 200),
    ],
    endsAt: 'session',
  },
  'an address and a number': {
    settings: TWO,
    fields: SAME,
    taken: ['email', 'phone'],
    steps: [
      movePhone,
      codeFrom(VERIFY_PHONE, 'code', 'otherPhone', 401),
      moveEmail,
      codeFrom(VERIFY_EMAIL, 'key', 'otherEmail', 200),
    ],
    endsAt: 'session',
  },
  'a number, where everybody gives a code to their address': {
    settings: { ...TWO, login_by_code_required: ['*'] },
    fields: SAME,
    taken: ['phone'],
    steps: [
      againFrom('/auth/code', 'email'),
      codeFrom('/auth/code/confirm', 'code', 'email', 401),
      movePhone,
      codeFrom(VERIFY_PHONE, 'code', 'otherPhone', 200),
    ],
    endsAt: 'session',
  },
  'an address, by a passkey': {
    settings: BY_CODE,
    fields: ['username', 'email'],
    taken: ['email'],
    path: '/auth/webauthn/signup',
    steps: [moveEmail, codeFrom(VERIFY_EMAIL, 'key', 'otherEmail', 401)],
    endsAt: 'waiting',
  },
};
