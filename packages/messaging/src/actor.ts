/** Who and where an event comes from, taken from the principal and the client of a call. */

import type { events } from '@postern/proto';

/** The principal of a call, as far as an event tells of it. */
export type ActingPrincipal =
  | { kind: 'anonymous' }
  | {
      kind: 'user';
      user: { pk: number; uuid: string; username: string; email: string; name: string };
      via: string;
    }
  | { kind: 'service'; name: string };

/** The actor that a principal is. */
export function actorOf(principal: ActingPrincipal): events.Actor {
  if (principal.kind === 'service') return { kind: 'service', user: undefined, via: '', service: principal.name };
  if (principal.kind === 'anonymous') return { kind: 'anonymous', user: undefined, via: '', service: '' };
  const { pk, uuid, username, email, name } = principal.user;
  return { kind: 'user', user: { pk, uuid, username, email, name }, via: principal.via, service: '' };
}
