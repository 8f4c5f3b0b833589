import type { EntityManager } from '@postern/database';
import { type ConsumerOptions, defineEvent, on } from '@postern/messaging';
import { auth, directory } from '@postern/proto';
import type { AnnounceLogout } from './logout/index.ts';
import type { Clock } from './ports.ts';
import { deleteGrantsOf, revokeGrantsOf, revokeGrantsTo } from './tokens/index.ts';

const USER_DELETED = defineEvent('directory.v1.user.deleted', directory.UserDeleted);
const USER_UPDATED = defineEvent('directory.v1.user.updated', directory.UserUpdated);
const CONSENT_REVOKED = defineEvent('auth.v1.consent.revoked', auth.ConsentRevoked);
const IMPERSONATION_ENDED = defineEvent('auth.v1.impersonation.ended', auth.ImpersonationEnded);
const SESSION_ENDED = defineEvent('auth.v1.session.ended', auth.SessionEnded);

export type TokenConsumerDeps = {
  readonly clock: Clock;
  /** Tells clients; what is let go of afterwards is not told any more. */
  readonly announce: AnnounceLogout;
};

/** Lets go of tokens when their user is deleted, deactivated or takes their consent back, and when the session that they hang on ends. */
export function createTokenConsumer({ clock, announce }: TokenConsumerDeps): ConsumerOptions<EntityManager> {
  return {
    durable: 'providers_oauth2_tokens',
    handlers: [
      on(USER_DELETED, async ({ payload: { user } }, em: EntityManager) => {
        if (!user) return;
        await announce(em, { user: user.pk }, clock.now());
        await deleteGrantsOf(em, user.pk);
      }),
      on(USER_UPDATED, async ({ payload: { user } }, em: EntityManager) => {
        if (!user || user.is_active) return;
        await announce(em, { user: user.pk }, clock.now());
        await revokeGrantsOf(em, { user: user.pk }, clock.now());
      }),
      on(SESSION_ENDED, async ({ payload: { session } }, em: EntityManager) => {
        if (session === '') return;
        await announce(em, { session }, clock.now());
        await revokeGrantsOf(em, { session }, clock.now());
      }),
      on(IMPERSONATION_ENDED, async ({ payload: { session, user } }, em: EntityManager) => {
        if (session === '') return;
        await announce(em, { session, user }, clock.now());
        await revokeGrantsOf(em, { session, user }, clock.now());
      }),
      on(CONSENT_REVOKED, async ({ payload: { user, application }, occurred_at }, em: EntityManager) => {
        // Whoever consents again before this arrives keeps what they get by it.
        const before = occurred_at === undefined ? clock.now() : new Date(occurred_at);
        await revokeGrantsTo(em, { user, application, before }, clock.now());
      }),
    ],
  };
}
