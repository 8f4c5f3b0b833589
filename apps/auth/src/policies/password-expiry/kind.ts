/** A policy that fails once a password is too old, and takes it out of use where it is told to. */

import { flagSetting, integerSetting, type SettingsOf } from '../../plans/index.ts';
import type { PolicyFamily, PolicyKind } from '../policy.model.ts';

const settings = { days: integerSetting(0), deny_only: flagSetting(false) };

/** Settings of a password expiry policy. */
export type PasswordExpirySettings = SettingsOf<typeof settings>;

export const passwordExpiryFamily: PolicyFamily<PasswordExpirySettings> = {
  model: {
    kind: 'password_expiry',
    model: 'authentik_policies_expiry.passwordexpirypolicy',
    verboseName: 'Password Expiry Policy',
    verboseNamePlural: 'Password Expiry Policies',
    component: 'ak-policy-password-expiry-form',
  },
  type: 'postern.auth.v1.PasswordExpiryPolicy',
  settings,
};

/** Passwords, as their age is looked at. */
export type PasswordAges = {
  /** When the password of a user was set; undefined for somebody without one. */
  readonly changed: (tenant: string, user: number) => Promise<Date | undefined>;
  /** Takes the password out of use: nobody signs in with it any more, and its age stays what it is. */
  readonly retire: (tenant: string, user: number) => Promise<void>;
};

const DAY_MS = 86_400_000;

/** Creates the kind. Who has no password has none that could be too old. */
export function createPasswordExpiryPolicy(deps: {
  passwords: PasswordAges;
  clock: { now(): Date };
}): PolicyKind<PasswordExpirySettings> {
  const { passwords, clock } = deps;
  return {
    family: passwordExpiryFamily,
    evaluate: async ({ days, deny_only }, { tenant, user, isTrial }) => {
      const changed = user?.kind === 'account' ? await passwords.changed(tenant, user.pk) : undefined;
      if (changed === undefined || user?.kind !== 'account') return { passing: true };
      const age = Math.floor((clock.now().getTime() - changed.getTime()) / DAY_MS);
      if (age < days) return { passing: true };
      if (deny_only) return { passing: false, messages: ['Password has expired.'] };
      if (isTrial !== true) await passwords.retire(tenant, user.pk);
      const message = `Password expired ${age - days} days ago. Please update your password.`;
      return { passing: false, messages: [message] };
    },
  };
}
