import { flagOf, listOf, optionalText, textOf, type Wire, wireOf } from '../executor/wire.codec.ts';
import type { Message } from './headless.message.ts';

/** Who is signed in. */
export type User = {
  readonly id: string;
  readonly display: string;
  readonly email?: string;
  readonly username?: string;
  readonly hasPassword: boolean;
};

/** A way on that the API offers, or, where it is pending, asks for. */
export type Flow = {
  readonly id: string;
  readonly isPending: boolean;
  /** Second factors that it takes. */
  readonly types: readonly string[];
  /** Identity providers that it takes. */
  readonly providers: readonly string[];
};

/** What an answer says about whoever is here. */
export type Who = { readonly user?: User; readonly flows: readonly Flow[]; readonly pending?: Flow };

/** Reads who is here from an answer that tells it. */
export function whoIn({ status, data, meta }: Message): Who {
  const wire = wireOf(data);
  const isSignedIn = status === 200 || (status === 401 && flagOf(meta, 'is_authenticated'));
  const flows = listOf(wire, 'flows', decodeFlow);
  return {
    flows,
    ...(isSignedIn && { user: decodeUser(wireOf(wire.user)) }),
    ...withPending(flows.find(({ isPending }) => isPending)),
  };
}

function withPending(pending: Flow | undefined): { readonly pending?: Flow } {
  return pending ? { pending } : {};
}

/** Reads a user. */
export function decodeUser(wire: Wire): User {
  return {
    id: typeof wire.id === 'number' ? String(wire.id) : textOf(wire, 'id'),
    display: textOf(wire, 'display'),
    email: optionalText(wire, 'email'),
    username: optionalText(wire, 'username'),
    hasPassword: flagOf(wire, 'has_usable_password'),
  };
}

function decodeFlow(value: unknown): Flow {
  const wire = wireOf(value);
  return {
    id: textOf(wire, 'id'),
    isPending: flagOf(wire, 'is_pending'),
    types: listOf(wire, 'types', String),
    providers: listOf(wire, 'providers', String),
  };
}
