import { invalidFields, type Violation } from '@postern/errors';
import type { auth } from '@postern/proto';
import { DEFAULT_RATES, ratesOf } from './rate.limits.ts';
import { domainError, originError, pageError } from './settings.addresses.ts';

type Settings = auth.HeadlessSettings;
type Check = (settings: Settings) => string | undefined;

/** Pages of the front end by name, and whether their address has to carry the key. */
const PAGES: Readonly<Record<string, boolean>> = {
  account_confirm_email: true,
  account_reset_password: false,
  account_reset_password_from_key: true,
  account_signup: false,
  socialaccount_login_error: false,
};

const SIGNUP_FIELDS: readonly string[] = ['username', 'email', 'email2', 'phone', 'password1', 'password2'];
/** What is of no use without something before it. */
const REPEATS: Readonly<Record<string, string>> = { email2: 'email', password2: 'password1' };

const MOST_IN_A_RATE = 10_000;

/** What each field has to be, together with the others; the first thing wrong with it is told. Words and ranges stand in the proto. */
const CHECKS: Readonly<Partial<Record<keyof Settings, Check>>> = {
  login_methods: ({ login_methods, signup_fields, signup_open, social_signup_open }) => {
    const isReachable = login_methods.some((method) => signup_fields.includes(`${method}*`));
    return isReachable || !(signup_open || social_signup_open)
      ? undefined
      : 'Whoever signs up has to have one of these: mark it with "*" in "signup_fields".';
  },
  signup_fields: ({ signup_fields }) => {
    const names = signup_fields.map(nameOf);
    const stranger = signup_fields.find((field) => !SIGNUP_FIELDS.includes(nameOf(field)));
    if (stranger !== undefined) return `"${stranger}" is not a valid choice.`;
    if (new Set(names).size < names.length) return 'A field stands here once.';
    const alone = names.find((name) => REPEATS[name] !== undefined && !names.includes(REPEATS[name]));
    return alone === undefined ? undefined : `"${alone}" repeats "${REPEATS[alone]}", which is missing.`;
  },
  signup_domains: ({ signup_domains }) => firstOf(signup_domains, domainError),
  email_verification: ({ email_verification, signup_fields }) =>
    email_verification === 'mandatory' && !signup_fields.includes('email*')
      ? 'Mandatory verification takes "email*" in "signup_fields".'
      : undefined,
  email_verification_by_code_enabled: ({ email_verification_by_code_enabled, email_verification }) =>
    email_verification_by_code_enabled && email_verification !== 'mandatory'
      ? 'Verification by code takes "mandatory" as "email_verification".'
      : undefined,
  max_email_addresses: ({ change_email, max_email_addresses }) =>
    change_email && max_email_addresses !== 0 && max_email_addresses !== 2
      ? 'With "change_email" this is 0 or 2.'
      : undefined,
  mfa_passkey_login_enabled: ({ mfa_passkey_login_enabled, mfa_supported_types }) =>
    mfa_passkey_login_enabled && !mfa_supported_types.includes('webauthn')
      ? 'Passkeys take "webauthn" in "mfa_supported_types".'
      : undefined,
  mfa_passkey_signup_enabled: ({ mfa_passkey_signup_enabled, ...settings }) => {
    if (!mfa_passkey_signup_enabled) return undefined;
    if (!settings.mfa_supported_types.includes('webauthn')) return 'Passkeys take "webauthn" in "mfa_supported_types".';
    const isProved = settings.email_verification_by_code_enabled && settings.email_verification === 'mandatory';
    return isProved && settings.signup_fields.includes('email*')
      ? undefined
      : 'Signing up by passkey takes mandatory verification by code, and "email*" in "signup_fields".';
  },
  enforce_mfa: ({ enforce_mfa, mfa_supported_types }) =>
    enforce_mfa && !mfa_supported_types.some((type) => type !== 'recovery_codes')
      ? 'A second factor takes "totp" or "webauthn" in "mfa_supported_types".'
      : undefined,
  social_email_authentication_auto_connect: (settings) =>
    settings.social_email_authentication_auto_connect && !settings.social_email_authentication
      ? 'This takes "social_email_authentication".'
      : undefined,
  frontend_urls: ({ frontend_urls }) =>
    firstOf(Object.entries(frontend_urls), ([name, address]) => {
      const hasKey = PAGES[name];
      if (hasKey === undefined) return `"${name}" is not a page of the front end.`;
      const error = pageError(address);
      if (error !== undefined) return `${name}: ${error}`;
      return hasKey && !address.includes('{key}') ? `${name}: The address has to say where "{key}" goes.` : undefined;
    }),
  rate_limits: ({ rate_limits }) =>
    firstOf(Object.entries(rate_limits), ([action, text]) => {
      if (!Object.hasOwn(DEFAULT_RATES, action)) return `"${action}" is not an action with a limit.`;
      return rateError(text) ? `${action}: "${text}" is no limit such as "5/300s/key,20/m/ip".` : undefined;
    }),
  trusted_origins: ({ trusted_origins }) => firstOf(trusted_origins, originError),
};

/** Throws field errors for settings that make no sense. */
export function checkHeadlessSettings(settings: Settings): void {
  const violations = Object.entries(CHECKS).flatMap(([field, check]): Violation[] => {
    const description = check(settings);
    return description === undefined ? [] : [{ field, description, reason: 'HEADLESS_SETTING_INVALID' }];
  });
  if (violations.length > 0) throw invalidFields(violations);
}

const nameOf = (field: string) => field.replace(/\*$/, '');

function rateError(text: string): boolean {
  try {
    return ratesOf(text).some(({ most, milliseconds }) => most < 1 || most > MOST_IN_A_RATE || milliseconds < 1_000);
  } catch {
    return true;
  }
}

function firstOf<One>(all: readonly One[], check: (one: One) => string | undefined): string | undefined {
  for (const one of all) {
    const error = check(one);
    if (error !== undefined) return error;
  }
  return undefined;
}
