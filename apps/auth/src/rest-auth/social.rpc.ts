import { common, PosternError } from '@postern/errors';
import { auth } from '@postern/proto';
import { asService, type BoundService, bind, type Call } from '@postern/rpc';
import { requireThemselves } from '../accounts/index.ts';
import { wrongAsAWhole } from './form.rules.ts';
import { callerOf, minuteOf, partOfList } from './rest.caller.ts';
import type { RestParts } from './rest.parts.ts';

/** Serves identity providers, and the accounts that callers have there. */
export function createRestSocialRpc(parts: RestParts): BoundService {
  const { providers, settings, socialAccounts, passwords } = parts;
  const list = async (call: Call) => {
    const user = callerOf(call).user.pk;
    return (await socialAccounts.listSocialAccounts({ user }, asService(call.context.tenant, call))).accounts;
  };
  return bind(auth.RestSocialServiceDefinition, {
    async listRestSocialProviders(_request, { context: { tenant } }) {
      const [held, sources] = await Promise.all([settings.read(tenant), providers.all(tenant)]);
      const usable = sources.filter(({ redirects, takes_tokens }) => redirects || takes_tokens);
      return {
        sso_enabled: usable.length > 0,
        sso_registration: held.social_signup_open || held.signup_open,
        mfa_required: held.enforce_mfa,
        mfa_enabled: held.mfa_supported_types.length > 0,
        providers: sources.map((source) => ({
          id: source.slug,
          name: source.name,
          configured: usable.includes(source),
          // A GET changes nothing here: the headless API sends browsers there, by POST.
          login: undefined,
          connect: undefined,
          display_name: source.name,
        })),
        registration_enabled: held.signup_open,
        password_forgotten_enabled: held.password_reset_enabled,
      };
    },
    async listRestSocialAccounts(request, call) {
      const [accounts, sources] = await Promise.all([list(call), providers.all(call.context.tenant)]);
      const shown = accounts.map(({ number, source, uid, connected = '', last_used }) => ({
        id: number,
        provider: sources.find(({ pk }) => pk === source)?.slug ?? source,
        uid,
        last_login: minuteOf(last_used ?? connected),
        date_joined: minuteOf(connected),
      }));
      return { next: undefined, previous: undefined, ...partOfList(shown, request) };
    },
    async disconnectRestSocialAccount({ id }, call) {
      requireThemselves(call);
      const { tenant } = call.context;
      const user = callerOf(call).user.pk;
      const accounts = await list(call);
      const account = accounts.find(({ number }) => number === id);
      if (account === undefined) throw common.NOT_FOUND();
      // Whoever has no other way in would be shut out: of two that go at once, one stays.
      const hasPassword = (await passwords.changed(tenant, user)) !== undefined;
      const keep_one_of = hasPassword ? [] : [...new Set(accounts.map(({ source }) => source))];
      const { source, uid } = account;
      await socialAccounts
        .disconnectSocialAccount({ user, source, uid, keep_one_of }, asService(tenant, call))
        .catch((error: unknown) => {
          const isLast = error instanceof PosternError && error.reason === 'SOCIAL_ACCOUNT_LAST';
          throw isLast ? wrongAsAWhole('Your account has no password set up.') : error;
        });
      return auth.RestSocialConnect.create();
    },
  });
}
