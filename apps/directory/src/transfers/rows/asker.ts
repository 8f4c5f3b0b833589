import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { type Context, noClient, type Origin, type Sealer, type UserPrincipal } from '@postern/rpc';
import { findStanding } from '../../users/index.ts';

/** Who asked for a file to be read or written, with the rights that they have now. */
export type Asker = {
  readonly principal: UserPrincipal;
  /** What they do, as guards see it. */
  readonly context: Context;
  /** Calls in their name. */
  readonly origin: () => Origin;
  may(permission: string): boolean;
};

/** What finding them needs. */
export type AskerDeps = { readonly db: Pick<Database, 'statement'>; readonly sealer: Sealer };

/** Finds who asked. Undefined when they are gone, or may not sign in any more. */
export async function findAsker(
  { db, sealer }: AskerDeps,
  tenant: string,
  pk: number,
  request: string,
): Promise<Asker | undefined> {
  const standing = await findStanding(db, { tenant }, { pk }, '').catch(whenGone);
  if (!standing?.facts.is_active) return undefined;
  const { facts, superuser, permissions, roles } = standing;
  const { uuid, username, name, email, type } = facts;
  const user = { pk, uuid, username, name, email, type: type as UserPrincipal['user']['type'] };
  const principal = { kind: 'user', tenant, user, superuser, permissions, roles, via: 'session' } as const;
  const client = noClient(tenant, request);
  const sealed = sealedAnew(() => ({
    context: { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(client) },
  }));
  return {
    principal,
    context: { tenant, principal, client, requestId: client.requestId },
    origin: sealed,
    may: (permission) => superuser || permissions.includes(permission),
  };
}

/** Milliseconds for which calls of one asker share what they are sealed with; it holds for much longer. */
const SEALED_MS = 2_000;

function sealedAnew(seal: () => Origin): () => Origin {
  let last: { readonly origin: Origin; readonly until: number } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || last.until < now) last = { origin: seal(), until: now + SEALED_MS };
    return last.origin;
  };
}

function whenGone(error: unknown): undefined {
  if (common.NOT_FOUND.is(error)) return undefined;
  throw error;
}
