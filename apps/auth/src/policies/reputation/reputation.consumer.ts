import type { EntityManager } from '@postern/database';
import { type ConsumerOptions, defineEvent, on } from '@postern/messaging';
import { auth } from '@postern/proto';
import { changeScore } from './reputation.repository.ts';

const LOGIN_FAILED = defineEvent('auth.v1.session.login_failed', auth.SessionLoginFailed);
const SESSION_CREATED = defineEvent('auth.v1.session.created', auth.SessionCreated);

/** Keeps the records: what is told of sign-ins is counted, once each. */
export function followSignIns(): ConsumerOptions<EntityManager> {
  return {
    durable: 'auth_reputation',
    isPrompt: true,
    handlers: [
      on(LOGIN_FAILED, async (event, em: EntityManager) => {
        const { payload, client, id } = event;
        const at = timeOf(event);
        await changeScore(em, { pk: id, identifier: payload.username, ip: client?.address ?? '', by: -1, at });
      }),
      on(SESSION_CREATED, async (event, em: EntityManager) => {
        const { payload, client, id } = event;
        const identifier = payload.user?.username;
        if (identifier === undefined) return;
        await changeScore(em, { pk: id, identifier, ip: client?.address ?? '', by: 1, at: timeOf(event) });
      }),
    ],
  };
}

function timeOf({ occurred_at }: { occurred_at: string | undefined }): Date {
  return occurred_at === undefined ? new Date() : new Date(occurred_at);
}
