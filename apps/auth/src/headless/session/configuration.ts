import type { auth } from '@postern/proto';
import { ok } from '../headless.answer.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { loginMethods } from '../people.finder.ts';

/** Tells front ends what they can offer. */
export const showConfiguration = ({ providers }: HeadlessParts) =>
  operation({
    async run(visit) {
      const { settings } = visit;
      return ok({
        account: accountOf(settings),
        socialaccount: { providers: [...(await providers.providersOf(visit))] },
        mfa: {
          supported_types: [...settings.mfa_supported_types],
          passkey_login_enabled: settings.mfa_passkey_login_enabled,
        },
        usersessions: { track_activity: settings.usersessions_track_activity },
      });
    },
  });

function accountOf(settings: auth.HeadlessSettings) {
  const methods = loginMethods(settings);
  // The one word by which older clients know the methods; phone numbers have none.
  const named = methods.filter((method) => method !== 'phone').join('_');
  return {
    login_methods: [...methods],
    is_open_for_signup: settings.signup_open,
    email_verification_by_code_enabled: settings.email_verification_by_code_enabled,
    login_by_code_enabled: settings.login_by_code_enabled,
    password_reset_by_code_enabled: settings.password_reset_by_code_enabled,
    ...(named !== '' && { authentication_method: named }),
  };
}
