import type { Database, EntityManager } from '@postern/database';
import { createJobs, job } from '@postern/jobs';
import type { Fact, Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { groupFactsOf, membersChanged, requireRights, rightsOfUser, setGroupsOf } from '../memberships/index.ts';
import { permissionsChanged } from '../permissions/index.ts';
import { disconnectAll, disconnected } from '../social-accounts/index.ts';
import { lockUser, type UserEntity, userErrors, userFacts, userUpdated } from '../users/index.ts';
import { type HeldPermission, takeOwnPermissions } from './holdings.repository.ts';
import { OFF_BOARD } from './off-boarding.order.ts';
import {
  begin,
  findRunning,
  getLastOffBoarding,
  getOffBoarding,
  type OffBoardingRow,
  partDone,
} from './off-boarding.repository.ts';

/** What off-boarding needs. */
export type OffBoardingDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
  readonly ids: { next(): string };
};

/** Off-boarding of users. */
export type OffBoarding = {
  /**
   * Deactivates a user, takes groups and permissions, and asks for the rest as a job: in one transaction. What is under way is carried on with.
   * Throws NOT_FOUND, INTERNAL_ACCOUNT_READONLY, SUPERUSER_REQUIRED, RIGHTS_EXCEEDED.
   */
  start(user: number, call: Call): Promise<OffBoardingRow>;
  /** The last report about a user. Throws NOT_FOUND. */
  report(user: number, call: Call): Promise<OffBoardingRow>;
};

/** Creates it. */
export function createOffBoarding({ db, outbox, clock, ids }: OffBoardingDeps): OffBoarding {
  const jobs = createJobs({ outbox });

  async function begun(em: EntityManager, user: UserEntity, call: Call): Promise<string> {
    const running = await findRunning(em, user.pk);
    if (running !== undefined) return running;
    const pk = ids.next();
    await begin(em, { pk, user: user.pk, username: user.username, begunBy: nameOf(call), begun: clock.now() });
    return pk;
  }

  return {
    start: (pk, call) =>
      db.write(call.context, async (em) => {
        const user = await lockUser(em, pk);
        const isOurs = call.context.principal.kind === 'service';
        if (user.type === 'internal_service_account' && !isOurs) throw userErrors.INTERNAL_ACCOUNT_READONLY();
        requireRights(await rightsOfUser(em, pk), call);
        const run = await begun(em, user, call);
        const groups = await setGroupsOf(em, pk, []);
        const permissions = await takeOwnPermissions(em, pk);
        const elsewhere = await disconnectAll(em, pk);
        const facts = [
          ...(await deactivate(em, user, groups.left)),
          ...(await leftGroups(em, pk, groups.left)),
          ...lostPermissions(user, permissions),
          ...elsewhere.map((account) => disconnected({ user: userFacts(user), ...account })),
        ];
        await outbox.record(em, eventContext(call), facts);
        await partDone(em, run, 'directory', {
          memberships: groups.left.length,
          permissions: permissions.length,
          social_accounts: elsewhere.length,
        });
        await jobs.enqueue(em, eventContext(call), job(OFF_BOARD, { run }, { uniqueKey: run }));
        return getOffBoarding(em, run);
      }),

    report: (user, call) => db.read(call.context, (em) => getLastOffBoarding(em, user)),
  };
}

/** Keeps a user from signing in. Told even to whoever heard it before: they may have missed it. */
async function deactivate(em: EntityManager, user: UserEntity, left: readonly string[]): Promise<Fact[]> {
  const changed = [...(user.isActive ? ['is_active'] : []), ...(left.length > 0 ? ['groups'] : [])];
  user.isActive = false;
  await em.flush();
  return [userUpdated(user, changed)];
}

async function leftGroups(em: EntityManager, pk: number, left: readonly string[]): Promise<Fact[]> {
  const factsOf = await groupFactsOf(em, left);
  return left.flatMap((group) => membersChanged(factsOf(group), [], [pk]));
}

function lostPermissions({ pk, username }: UserEntity, taken: readonly HeldPermission[]): Fact[] {
  if (taken.length === 0) return [];
  const holder = { holder_model: 'authentik_core.user', holder: String(pk), name: username };
  return [permissionsChanged({ ...holder, given: [], taken: [...taken] })];
}

function nameOf({ context: { principal } }: Call): string {
  if (principal.kind === 'anonymous') return '';
  return principal.kind === 'service' ? principal.name : principal.user.username;
}
