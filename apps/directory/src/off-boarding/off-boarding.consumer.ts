import type { EntityManager } from '@postern/database';
import { type ConsumerOptions, defineEvent, on } from '@postern/messaging';
import { auth } from '@postern/proto';
import { addEnded, findAt } from './off-boarding.repository.ts';

const SESSION_ENDED = defineEvent('auth.v1.session.ended', auth.SessionEnded);

/**
 * Counts the sessions that end while a user is off-boarded. They end as soon as `auth` hears that the account may not be used, which is before
 * anybody asks it: only their facts tell how many there were.
 */
export function countEndedSessions(): ConsumerOptions<EntityManager> {
  return {
    durable: 'directory_off_boarding',
    handlers: [
      on(SESSION_ENDED, async ({ payload: { user, reason }, occurred_at }, em: EntityManager) => {
        if (reason !== 'user_deactivated' || user === undefined || occurred_at === undefined) return;
        const run = await findAt(em, user.pk, new Date(occurred_at));
        if (run !== undefined) await addEnded(em, run, 'auth', { sessions: 1 });
      }),
    ],
  };
}
