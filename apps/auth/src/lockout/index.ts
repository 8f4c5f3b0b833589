/**
 * Lockout without denial of service. Attempts to prove who one is are counted before they are judged: strangers for the account and for their
 * network, whoever signed in with their device before for that device alone, where no stranger can use it up. See docs/decisions/0175.
 */

import { type Database, type EntityManager, type SweepBatch, tenantOf } from '@postern/database';
import type { Metrics } from '@postern/observability';
import type { StageSessions } from '../stages/index.ts';
import { type Attempts, createAttempts } from './attempts.operations.ts';
import { budgetsIn } from './budget.repository.ts';
import { createDevices } from './device.cookie.ts';
import type { LockoutSettings } from './lockout.settings.ts';

export { blockOf } from './address.block.ts';
export { createAttemptRpc } from './attempt.rpc.ts';
export type { Attempts } from './attempts.operations.ts';
export { DEVICE_COOKIE } from './device.cookie.ts';
export { LOCKOUT_MIGRATIONS } from './lockout.migrations.ts';
export { LOCKOUT_SETTINGS, type LockoutSettings } from './lockout.settings.ts';
export { createUsualTime, type UsualTime } from './usual.time.ts';

/** What lockout needs. */
export type LockoutDeps = {
  readonly database: Pick<Database, 'write'>;
  readonly settings: LockoutSettings;
  /** The installation's secrets: the first signs, all verify. */
  readonly secrets: readonly string[];
  /** Domain that the cookie of a device is shared with; its host alone by default. */
  readonly cookieDomain?: string | undefined;
  readonly clock: { now(): Date };
  readonly metrics: Pick<Metrics, 'counter'>;
};

/** Lockout, wired. */
export type Lockout = {
  readonly attempts: Attempts;
  /** Sessions of sign-ins by which a device is known from then on. */
  readonly knowing: <Sessions extends Pick<StageSessions, 'issue'>>(sessions: Sessions) => Sessions;
  /** Removes counters that nobody needs any more. */
  readonly expire: (em: EntityManager, batch: SweepBatch) => Promise<number>;
};

/** Creates lockout. */
export function createLockout({ database, settings, secrets, cookieDomain, clock, metrics }: LockoutDeps): Lockout {
  const devices = createDevices({ secrets, domain: cookieDomain, lifeMs: settings.deviceLife, clock });
  const [secret = ''] = secrets;
  return {
    attempts: createAttempts({ database, devices, settings, secret, clock, metrics }),
    knowing: (sessions) => ({
      ...sessions,
      issue: async (tx, request) => {
        const grant = await sessions.issue(tx, request);
        if (grant === undefined) return undefined;
        const cookie = await devices.remember(tenantOf(tx), request.account, request.client);
        return { ...grant, cookies: [...grant.cookies, cookie] };
      },
    }),
    expire: (em, batch) => budgetsIn(em).expire(batch),
  };
}
