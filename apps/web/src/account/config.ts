import { flagOf, listOf, textOf, wireOf } from '../executor/wire.codec.ts';

/** An identity provider. */
export type Provider = { readonly id: string; readonly name: string; readonly isRedirected: boolean };

/** What the API offers here. */
export type Config = {
  /** Of `username`, `email`, `phone`. */
  readonly loginMethods: readonly string[];
  readonly isOpen: boolean;
  readonly verifiesByCode: boolean;
  readonly logsInByCode: boolean;
  readonly resetsByCode: boolean;
  readonly providers: readonly Provider[];
  /** Second factors that can be set up. */
  readonly factors: readonly string[];
  readonly hasPasskeys: boolean;
};

/** Reads what `GET /config` tells. */
export function decodeConfig(data: unknown): Config {
  const wire = wireOf(data);
  const [account, mfa] = [wireOf(wire.account), wireOf(wire.mfa)];
  return {
    loginMethods: listOf(account, 'login_methods', String),
    isOpen: flagOf(account, 'is_open_for_signup'),
    verifiesByCode: flagOf(account, 'email_verification_by_code_enabled'),
    logsInByCode: flagOf(account, 'login_by_code_enabled'),
    resetsByCode: flagOf(account, 'password_reset_by_code_enabled'),
    providers: listOf(wireOf(wire.socialaccount), 'providers', decodeProvider),
    factors: listOf(mfa, 'supported_types', String),
    hasPasskeys: flagOf(mfa, 'passkey_login_enabled'),
  };
}

/** Reads an identity provider. */
export function decodeProvider(value: unknown): Provider {
  const wire = wireOf(value);
  const isRedirected = listOf(wire, 'flows', String).includes('provider_redirect');
  return { id: textOf(wire, 'id'), name: textOf(wire, 'name'), isRedirected };
}
