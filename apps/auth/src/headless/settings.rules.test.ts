import { loadRegistry } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { declaredSettings } from './settings.codec.ts';
import { checkHeadlessSettings } from './settings.rules.ts';

const defaults = declaredSettings(loadRegistry());
const proved = {
  email_verification: 'mandatory',
  email_verification_by_code_enabled: true,
  signup_fields: ['username*', 'email*'],
};

/** Fields of settings that are refused, with what is told of each. */
function refused(changes: object): Record<string, string> {
  try {
    checkHeadlessSettings({ ...defaults, ...changes });
    return {};
  } catch (error) {
    const { violations } = Object(error);
    return Object.fromEntries(violations.map((one: Record<string, string>) => [one.field, one.description]));
  }
}

describe('settings refuse', () => {
  it.each([
    ['a field of a sign-up that there is not', { signup_fields: ['username*', 'age'] }, 'signup_fields'],
    ['a field of a sign-up twice', { signup_fields: ['username*', 'username'] }, 'signup_fields'],
    ['two marks at a field', { signup_fields: ['username**'] }, 'signup_fields'],
    ['a repeated address without the address', { signup_fields: ['username*', 'email2'] }, 'signup_fields'],
    ['a repeated password without the password', { signup_fields: ['username*', 'password2*'] }, 'signup_fields'],
    ['mandatory verification of optional addresses', { email_verification: 'mandatory' }, 'email_verification'],
    ['codes where verification is optional', { email_verification_by_code_enabled: true }, ['by_code_enabled']],
    ['passkeys at sign-up without proof', { mfa_passkey_signup_enabled: true }, 'mfa_passkey_signup_enabled'],
    [
      'passkeys at sign-up without keys',
      { ...proved, mfa_passkey_signup_enabled: true, mfa_supported_types: ['totp'] },
      'mfa_passkey_signup_enabled',
    ],
    ['passkeys without keys', { mfa_passkey_login_enabled: true, mfa_supported_types: ['totp'] }, 'passkey_login'],
    ['a factor for everybody that nobody can have', { enforce_mfa: true, mfa_supported_types: [] }, 'enforce_mfa'],
    ['many addresses where there is one', { change_email: true, max_email_addresses: 3 }, 'max_email_addresses'],
    ['a sign-up after which nobody can sign in', { signup_open: true, login_methods: ['email'] }, 'login_methods'],
    ['connecting what signs nobody in', { social_email_authentication_auto_connect: true }, 'auto_connect'],
    ['a domain without its sign', { signup_domains: ['example.com'] }, 'signup_domains'],
    ['a page that there is not', { frontend_urls: { home: '/' } }, 'frontend_urls'],
    ['a page that runs', { frontend_urls: { account_signup: 'javascript:alert(1)' } }, 'frontend_urls'],
    ['a page of another host', { frontend_urls: { account_signup: '//evil.example' } }, 'frontend_urls'],
    ['a page with a password', { frontend_urls: { account_signup: 'https://a:b@c.example/' } }, 'frontend_urls'],
    ['a page that lacks its key', { frontend_urls: { account_confirm_email: '/verify' } }, 'frontend_urls'],
    [
      'a key in the name of a host',
      { frontend_urls: { account_confirm_email: 'https://{key}.example/' } },
      'frontend_urls',
    ],
    ['a limit of what is not limited', { rate_limits: { breathe: '1/m/ip' } }, 'rate_limits'],
    ['a limit that is none', { rate_limits: { login: 'often' } }, 'rate_limits'],
    ['a limit of nothing', { rate_limits: { login: '0/m/ip' } }, 'rate_limits'],
    ['a limit per moment', { rate_limits: { login: '5/0s/ip' } }, 'rate_limits'],
    ['an origin with a path', { trusted_origins: ['https://app.example.com/'] }, 'trusted_origins'],
    ['any origin', { trusted_origins: ['https://*.example.com/x'] }, 'trusted_origins'],
    ['the origin of files', { trusted_origins: ['null'] }, 'trusted_origins'],
  ])('%s', (_what, changes, field) => {
    expect(Object.keys(refused(changes))).toEqual([expect.stringContaining([field].flat()[0] ?? '')]);
  });

  it('all that is wrong at once', () => {
    const wrong = { rate_limits: { login: 'x' }, trusted_origins: ['x'], signup_domains: ['x'] };
    expect(Object.keys(refused(wrong)).sort()).toEqual(['rate_limits', 'signup_domains', 'trusted_origins']);
  });
});

it('settings take what makes sense', () => {
  expect(refused({})).toEqual({});
  const changes = {
    ...proved,
    mfa_passkey_signup_enabled: true,
    mfa_passkey_login_enabled: true,
    change_email: true,
    max_email_addresses: 2,
    signup_open: true,
    login_methods: ['email', 'username'],
    signup_domains: ['@example.com', '@größe.example'],
    rate_limits: { login: '5/300s/key,20/m/ip', signup: '' },
    trusted_origins: ['https://app.example.com', 'http://localhost:5173'],
    frontend_urls: {
      account_confirm_email: 'https://app.example.com/verify/{key}?x=1#/{key}',
      account_reset_password_from_key: '/account/reset?key={key}',
      account_signup: '/sign-up',
    },
  };
  expect(refused(changes)).toEqual({});
});
