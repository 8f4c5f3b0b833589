/** A policy that judges a password that somebody chooses: by rules, by what has leaked, and by how easily it is guessed. */

import { invalidField } from '@postern/errors';
import { flagSetting, integerSetting, isJsonObject, type SettingsOf, textSetting } from '../../plans/index.ts';
import type { PolicyFamily, PolicyKind } from '../policy.model.ts';
import type { PolicyQuestion } from '../policy.question.ts';
import type { LeakedPasswords } from './leaked.ts';
import { breaksRules } from './static-rules.ts';
import type { PasswordStrength } from './strength.ts';

/** Punctuation of ASCII and the blank; the backslash stands there twice, and counts twice. */
const SYMBOLS = '!\\"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ ';

const settings = {
  password_field: textSetting('password'),
  amount_digits: integerSetting(0),
  amount_uppercase: integerSetting(0),
  amount_lowercase: integerSetting(0),
  amount_symbols: integerSetting(0),
  length_min: integerSetting(0),
  symbol_charset: textSetting(SYMBOLS),
  error_message: textSetting(''),
  check_static_rules: flagSetting(true),
  check_have_i_been_pwned: flagSetting(false),
  check_zxcvbn: flagSetting(false),
  hibp_allowed_count: integerSetting(0),
  zxcvbn_score_threshold: integerSetting(2),
};

/** Settings of a password policy. */
export type PasswordPolicySettings = SettingsOf<typeof settings>;

export const passwordFamily: PolicyFamily<PasswordPolicySettings> = {
  model: {
    kind: 'password',
    model: 'authentik_policies_password.passwordpolicy',
    verboseName: 'Password Policy',
    verboseNamePlural: 'Password Policies',
    component: 'ak-policy-password-form',
  },
  type: 'postern.auth.v1.PasswordPolicy',
  settings,
};

/** Somebody whose own names make bad passwords. */
type Named = { readonly username: string; readonly name: string; readonly email: string };

/** What judging needs. */
export type PasswordPolicyDeps = {
  readonly leaked: LeakedPasswords;
  readonly strength: PasswordStrength;
  /** Somebody by key; undefined when they are gone. */
  readonly personOf: (tenant: string, pk: number) => Promise<Named | undefined>;
  /** What the brand that serves a host is called: a bad password, too. */
  readonly brandTitle: (tenant: string, host: string) => Promise<string>;
};

/** Creates the kind. The first of the checks that fails says why. */
export function createPasswordPolicy(deps: PasswordPolicyDeps): PolicyKind<PasswordPolicySettings> {
  const { leaked, strength } = deps;
  return {
    family: passwordFamily,
    evaluate: async (rules, question, { signal }) => {
      const password = passwordOf(question, rules.password_field);
      if (password === undefined) return refused('Password not set in context');
      if (rules.check_static_rules && breaksRules(password, rules)) return refused(rules.error_message);
      if (rules.check_have_i_been_pwned) {
        const count = await leaked.count(password, signal);
        if (count > rules.hibp_allowed_count) return refused(`Password exists on ${count} online lists.`);
      }
      if (!rules.check_zxcvbn) return { passing: true };
      const { score, suggestions } = await strength(password, await namesOf(question, deps));
      return score > rules.zxcvbn_score_threshold
        ? { passing: true }
        : refused('Password is too weak.', ...suggestions);
    },
    check: ({ check_have_i_been_pwned }) =>
      check_have_i_been_pwned && leaked.off !== undefined
        ? invalidField('check_have_i_been_pwned', leaked.off, 'LEAKED_PASSWORDS_OFF')
        : undefined,
  };
}

function refused(...messages: string[]) {
  return { passing: false, messages };
}

function passwordOf({ context }: PolicyQuestion, field: string): string | undefined {
  const prompted = isJsonObject(context.prompt_data) ? context.prompt_data[field] : undefined;
  const value = prompted ?? context[field];
  const isText = typeof value === 'string' || typeof value === 'number';
  return isText && value !== '' ? String(value) : undefined;
}

/** Words that whoever guesses would try first. An installation whose name cannot be asked for has fewer. */
async function namesOf(
  { tenant, user, client }: PolicyQuestion,
  { personOf, brandTitle }: PasswordPolicyDeps,
): Promise<string[]> {
  const person = user?.kind === 'account' ? await personOf(tenant, user.pk) : undefined;
  const brand = await brandTitle(tenant, client.host).catch(() => '');
  const names = person ? [person.username, person.name, person.email, brand] : [brand];
  return names.filter((name) => name !== '');
}
