/**
 * The guard against locking out every administrator: it walks through the flow by which they sign in, as if somebody did who does everything
 * right. The directory asks it about changes of people, groups and brands; changes of flows, stages and policies pass it in their own transaction.
 * See docs/decisions/0176. Beside it stands the guard over groups that flows put newcomers into, see docs/decisions/0227.
 */

import type { Database } from '@postern/database';
import { guardWrites } from '@postern/resource';
import type { BoundService } from '@postern/rpc';
import type { RightsGuard } from '../accounts/index.ts';
import { type StageKind, type StageKinds, stageKinds } from '../plans/index.ts';
import { STAGE_FAMILIES } from '../stages/index.ts';
import { createNewcomerGuard } from './newcomer.guard.ts';
import { createSignInGuard, type SignInGuardDeps } from './sign-in.guard.ts';
import { createSignInWalk, type SignInWalkDeps } from './sign-in.walk.ts';
import { createSignInGuardRpc } from './sign-in-guard.rpc.ts';

/** What the guard is made from. */
export type GuardDeps = Pick<SignInGuardDeps, 'administrators'> &
  Omit<SignInWalkDeps, 'kinds' | 'secrets'> & { readonly database: Database; readonly rights: RightsGuard };

/** The guard, wired. */
export type Guard = {
  /** The data of this service for operations that administrators call: what they change passes the guard. */
  readonly guarded: Database;
  readonly service: BoundService;
};

/** Creates the guard. */
export function createGuard({ database, administrators, rights, ...deps }: GuardDeps): Guard {
  const walk = createSignInWalk({ ...deps, kinds: KNOWN_KINDS, secrets: database.secrets });
  return {
    guarded: guardWrites(
      guardWrites(database, createSignInGuard({ database, administrators, walk })),
      createNewcomerGuard({ rights }),
    ),
    service: createSignInGuardRpc({ database, walk }),
  };
}

/** The kinds of stages of this server. The walk knows what comes of each, and lets none ask. */
const KNOWN_KINDS: StageKinds = stageKinds(STAGE_FAMILIES.map(({ model }) => silent(model.kind)));

function silent(kind: string): StageKind {
  const never = () => Promise.reject(new TypeError(`a walk asks nobody: ${kind}`));
  return { kind, enter: never, respond: never };
}
