/** What is wrong with a request of the headless API, in the words that its clients know. */

/** One thing that is wrong. */
export type Problem = { readonly message: string; readonly code: string; readonly param?: string };

const REQUIRED = 'This field is required.';

/** Sentences by code; those whose words depend on what was sent are functions below. */
const MESSAGES = {
  account_inactive: 'This account is currently inactive.',
  account_not_found: 'Unknown account.',
  add_email_blocked: 'You cannot add an email address to an account protected by two-factor authentication.',
  cannot_delete_authenticator: 'You cannot deactivate two-factor authentication.',
  cannot_generate_recovery_codes:
    'You cannot generate recovery codes without having two-factor authentication enabled.',
  cannot_remove_primary_email: 'You cannot remove your primary email address.',
  client_id_required: '`client_id` required.',
  connected_other: 'The third-party account is already connected to a different account.',
  disconnect_last: 'You cannot disconnect your last remaining third-party account.',
  duplicate_email: 'This email address is already associated with this account.',
  email_change_blocked: 'Not allowed to change email address.',
  email_password_mismatch: 'The email address and/or password you specified are not correct.',
  email_taken: 'A user is already registered with this email address.',
  enter_current_password: 'Please type your current password.',
  incorrect_code: 'Incorrect code.',
  incorrect_password: 'Incorrect password.',
  invalid_login: 'Invalid login.',
  invalid_or_expired_key: 'Invalid or expired key.',
  invalid_password_reset: 'The password reset token was invalid.',
  invalid_phone: 'Enter a phone number including country code (e.g. +1 for the US).',
  invalid_token: 'Invalid token.',
  invalid_url: 'Invalid URL.',
  mfa_register: 'You must enable two-factor authentication before doing anything else.',
  no_password: 'Your account has no password set up.',
  no_verified_email: 'Your account has no verified email address.',
  null_characters_not_allowed: 'Null characters are not allowed.',
  password_entirely_numeric: 'This password is entirely numeric.',
  password_too_common: 'This password is too common.',
  phone_password_mismatch: 'The phone number and/or password you specified are not correct.',
  phone_taken: 'A user is already registered with this phone number.',
  required: REQUIRED,
  same_as_current: 'The new value must be different from the current one.',
  select_only_one: 'Please select only one.',
  token_authentication_not_supported: 'Provider does not support token authentication.',
  token_required: '`id_token` and/or `access_token` required.',
  too_many_login_attempts: 'Too many failed login attempts. Try again later.',
  unknown_email: 'Unknown email address.',
  unknown_phone: 'The phone number is not assigned to any user account.',
  unknown_provider: 'Unknown provider.',
  unverified_email: 'You cannot activate two-factor authentication until you have verified your email address.',
  unverified_primary_email: 'Your primary email address must be verified.',
  username_blacklisted: 'Username can not be used. Please use other username.',
  username_password_mismatch: 'The username and/or password you specified are not correct.',
  username_taken: 'A user with that username already exists.',
} as const;

/** Codes with a sentence of their own. */
export type ProblemCode = keyof typeof MESSAGES;

/** A problem of a code, with its sentence, or with other words for the same code. */
export function problem(code: ProblemCode, param?: string, message: string = MESSAGES[code]): Problem {
  return { message, code, ...(param === undefined ? {} : { param }) };
}

/** `invalid` has other words for each kind of field. */
export function invalid(param: string, message: string): Problem {
  return { message, code: 'invalid', param };
}
