/** For every kind of stage: what leads to it, how it is set, and what completes it. A kind without a sample fails the property test. */

import { generateSync } from 'otplib';
import type { JsonObject } from '../plans/index.ts';

/** Settings that only the running test knows: addresses of its doubles, keys of its prompts. */
export type SampleSurroundings = {
  readonly captcha: string;
  readonly sms: string;
  readonly duo: { readonly host: string; readonly key: string; readonly secret: string };
  readonly prompts: readonly string[];
  /** Key of a flow that signs in with passkeys. */
  readonly passwordless: string;
  /** Secret of the authenticator app that Alice has. */
  readonly appSecret: string;
};

/** A challenge as a browser sees it. */
export type Shown = Readonly<Record<string, unknown>>;

/** How a stage can be completed. */
export type StageSample = {
  readonly before?: readonly { readonly kind: string; readonly settings: JsonObject; readonly answer: JsonObject }[];
  readonly settings?: JsonObject;
  /** `answer`: by a right one. `nothing`: by no answer at all. `itself`: without being asked, whatever is sent. */
  readonly completedBy: 'answer' | 'nothing' | 'itself';
  /** A right answer to what is shown; unset where only a ceremony outside of the page gives one. */
  readonly right?: (shown: Shown) => JsonObject;
  /** The page has asked for more beside the challenge. */
  readonly asksBeside?: 'passkey';
  /** Whether an answer that was made up happens to be right: it is not sent. */
  readonly isRight?: (answer: JsonObject) => boolean;
};

const IDENTIFIED = {
  kind: 'identification',
  settings: { user_fields: ['username'] },
  answer: { uid_field: 'alice' },
} as const;
const PROVED = {
  kind: 'password',
  settings: { backends: ['authentik.core.auth.InbuiltBackend'] },
  answer: { password: 'correct horse' },
} as const;
const KNOWN = [IDENTIFIED, PROVED];

const names = (component: string) => (answer: JsonObject) => answer.component === component;
const codeOf = (secret: string) => ({ code: generateSync({ secret }) });

/** The samples, by kind. */
export function stageSamples(around: SampleSurroundings): Readonly<Record<string, StageSample>> {
  return { ...asking(around), ...authenticators(around), ...acting };
}

const asking = ({ captcha, prompts, passwordless }: SampleSurroundings): Readonly<Record<string, StageSample>> => ({
  identification: {
    settings: { user_fields: ['username', 'email'], pretend_user_exists: false, passwordless_flow: passwordless },
    asksBeside: 'passkey',
    completedBy: 'answer',
    right: () => ({ uid_field: 'alice' }),
  },
  password: {
    before: [IDENTIFIED],
    settings: { ...PROVED.settings, failed_attempts_before_cancel: 1_000_000 },
    completedBy: 'answer',
    right: () => PROVED.answer,
  },
  user_login: {
    before: KNOWN,
    settings: { remember_me_offset: 'days=30' },
    completedBy: 'answer',
    right: () => ({ remember_me: false }),
    isRight: ({ remember_me }) => /^(?:true|false|0|1)$/i.test(String(remember_me)),
  },
  consent: {
    settings: { mode: 'always_require' },
    completedBy: 'answer',
    right: ({ token }) => ({ token: String(token) }),
  },
  dummy: {
    completedBy: 'answer',
    right: () => ({ component: 'ak-stage-dummy' }),
    isRight: names('ak-stage-dummy'),
  },
  device_code: { completedBy: 'answer', right: () => ({ code: 12_345_678 }) },
  device_code_finish: {
    completedBy: 'answer',
    right: () => ({ component: 'ak-provider-oauth2-device-code-finish' }),
    isRight: names('ak-provider-oauth2-device-code-finish'),
  },
  captcha: {
    settings: { public_key: 'open', private_key: 'hush', api_url: captcha },
    completedBy: 'answer',
    right: () => ({ token: 'good' }),
  },
  prompt: {
    settings: { fields: [...prompts] },
    completedBy: 'answer',
    right: () => ({ nick: 'al', age: 4, password: 'new', password_repeat: 'new' }),
    isRight: ({ password, password_repeat }) => password === password_repeat,
  },
});

const authenticators = ({ sms, duo, appSecret }: SampleSurroundings): Readonly<Record<string, StageSample>> => ({
  authenticator_totp: {
    before: KNOWN,
    completedBy: 'answer',
    right: ({ config_url }) => codeOf(new URL(String(config_url)).searchParams.get('secret') ?? ''),
  },
  authenticator_static: {
    before: KNOWN,
    completedBy: 'answer',
    right: () => ({ component: 'ak-stage-authenticator-static' }),
    isRight: names('ak-stage-authenticator-static'),
  },
  authenticator_validate: { before: KNOWN, completedBy: 'answer', right: () => codeOf(appSecret) },
  authenticator_webauthn: { before: KNOWN, completedBy: 'answer' },
  authenticator_sms: {
    before: KNOWN,
    settings: { provider: 'generic', from_number: '+1555', account_sid: sms, auth: 'me', auth_password: 'pass' },
    completedBy: 'answer',
  },
  authenticator_duo: {
    before: KNOWN,
    settings: { api_hostname: duo.host, client_id: duo.key, client_secret: duo.secret },
    completedBy: 'answer',
  },
});

/** Stages that ask nothing, or whose question no answer settles. */
const acting: Readonly<Record<string, StageSample>> = {
  deny: { completedBy: 'nothing' },
  // Its link completes it, which is no answer.
  email: { before: [IDENTIFIED], completedBy: 'nothing' },
  redirect: { settings: { to: '/elsewhere/' }, completedBy: 'nothing' },
  // Nobody was invited.
  invitation: { completedBy: 'nothing' },
  user_logout: { completedBy: 'itself' },
  // Nothing was collected that could be written.
  user_write: { completedBy: 'nothing' },
  // Nobody is signed in or identified who could be deleted.
  user_delete: { completedBy: 'nothing' },
};
