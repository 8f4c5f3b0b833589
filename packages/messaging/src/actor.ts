/** Who and where an event comes from, taken from the principal and the client of a call. */

import type { events } from '@postern/proto';

/** The principal of a call, as far as an event tells of it. */
export type ActingPrincipal =
  | { kind: 'anonymous' }
  | {
      kind: 'user';
      user: ActingUser;
      via: string;
      /** Who really acts, while they impersonate the user. */
      impersonator?: ActingUser | undefined;
    }
  | { kind: 'service'; name: string };

type ActingUser = { pk: number; uuid: string; username: string; email: string; name: string };

/** The actor that a principal is. Somebody who acts as somebody else is the actor themselves, on behalf of the other. */
export function actorOf(principal: ActingPrincipal): events.Actor {
  const nobody = { user: undefined, via: '', service: '', on_behalf_of: undefined };
  if (principal.kind === 'service') return { ...nobody, kind: 'service', service: principal.name };
  if (principal.kind === 'anonymous') return { ...nobody, kind: 'anonymous' };
  const { user, via, impersonator } = principal;
  const who = impersonator
    ? { user: plain(impersonator), on_behalf_of: plain(user) }
    : { user: plain(user), on_behalf_of: undefined };
  return { kind: 'user', ...who, via, service: '' };
}

function plain({ pk, uuid, username, email, name }: ActingUser): events.ActorUser {
  return { pk, uuid, username, email, name };
}
