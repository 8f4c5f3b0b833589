import { actorOf, type EventContext, redactQuery } from '@postern/messaging';
import type { PolicyQuestion } from './policy.question.ts';

/** Where a question comes from, as the envelope of a fact says it. */
export function eventContextOf({ tenant, user, client }: PolicyQuestion): EventContext {
  const known = user?.kind === 'account' ? user : undefined;
  const actor = known && { pk: known.pk, uuid: known.uuid, username: known.username, email: '', name: '' };
  const parameters = [...new URLSearchParams(redactQuery(client.query ?? ''))].filter(
    ([name]) => !/token|key|secret|pass|code/i.test(name),
  );
  return {
    tenant,
    actor: actorOf(actor ? { kind: 'user', user: actor, via: 'session' } : { kind: 'anonymous' }),
    client:
      client.path === undefined || client.path === ''
        ? undefined
        : {
            address: client.address,
            user_agent: client.userAgent,
            method: client.method ?? '',
            path: client.path,
            query: Object.fromEntries(parameters),
            host: client.host,
          },
    requestId: client.requestId,
  };
}
