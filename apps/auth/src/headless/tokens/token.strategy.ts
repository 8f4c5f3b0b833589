import type { FrameDeps } from '../headless.frame.ts';
import type { HeadlessEngine } from '../headless.parts.ts';
import { keyOf } from '../session.tokens.ts';

/** How apps are known by tokens beside the secret of their session. */
export function createTokenStrategy({
  appTokens,
  sessions,
}: Pick<HeadlessEngine, 'appTokens' | 'sessions'>): Pick<FrameDeps, 'sessionOfToken' | 'tokensFor'> {
  return {
    async sessionOfToken({ tenant, settings }, token) {
      const key = await appTokens.sessionOf(tenant, token);
      if (key === undefined || !settings.jwt_stateful_validation_enabled) return key;
      return (await sessions.find(tenant, key)) === undefined ? undefined : key;
    },
    tokensFor: async ({ tenant, person }, secret) =>
      (person && (await appTokens.issue(tenant, { session: keyOf(secret), user: person.pk }))) ?? {},
  };
}
