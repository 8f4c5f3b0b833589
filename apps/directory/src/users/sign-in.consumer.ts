import { type EntityManager, prepared } from '@postern/database';
import { type ConsumerOptions, defineEvent, on } from '@postern/messaging';
import { auth } from '@postern/proto';

const SESSION_CREATED = defineEvent('auth.v1.session.created', auth.SessionCreated);

const SIGNED_IN = prepared('update user_account set last_login = greatest(last_login, ?::timestamptz) where pk = ?');

/** Notes when users signed in last. No fact is told about it: it is one already. */
export function rememberSignIns(): ConsumerOptions<EntityManager> {
  return {
    durable: 'directory_sign_ins',
    isPrompt: true,
    handlers: [
      on(SESSION_CREATED, async ({ payload, occurred_at }, em: EntityManager) => {
        if (payload.user === undefined || occurred_at === undefined) return;
        await em.execute(SIGNED_IN, [occurred_at, payload.user.pk]);
      }),
    ],
  };
}
