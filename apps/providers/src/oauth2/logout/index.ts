/**
 * Tells clients that a session is over: by themselves (OpenID Connect Back-Channel Logout), whatever ended it, or by the browser that leaves
 * (Front-Channel Logout). A grant knows the session it was given in by the `sid` of its client, so that only clients of that session hear of it.
 */

import { type EntityManager, tenantOf } from '@postern/database';
import { createJobs, type JobHandler, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import { createLogoutJob, type LogoutJobDeps, SEND_LOGOUT_TOKEN } from './logout.job.ts';
import { type Ended, takeClientsToTell } from './logout.repository.ts';

export { createLogoutPeople, type LogoutPeople } from './logout.client.ts';
export { type LogoutOrder, SEND_LOGOUT_TOKEN } from './logout.job.ts';
export { logoutMigrations } from './logout.migrations.ts';
export { type ClientFrame, type Ended, framesOf } from './logout.repository.ts';
export { LOGOUT_EVENT, LOGOUT_TYPE } from './logout-token.ts';

/** Asks for a logout token for each client that has to hear of an end, in the transaction that lets go of what hangs on it. */
export type AnnounceLogout = (em: EntityManager, ended: Ended, now: Date) => Promise<void>;

/** What telling clients consists of. */
export type Logout = { readonly announce: AnnounceLogout; readonly job: JobHandler };

/** Creates what tells clients. */
export function createLogout({ outbox, ...deps }: LogoutJobDeps & { readonly outbox: Outbox }): Logout {
  const jobs = createJobs({ outbox });
  return {
    async announce(em, ended, now) {
      const clients = await takeClientsToTell(em, ended, now);
      const orders = clients.flatMap(({ provider, user, sid, issuer }) => {
        if (issuer === undefined) return [];
        const uniqueKey = `${provider} ${user} ${sid}`;
        return [job(SEND_LOGOUT_TOKEN, { provider, user, sid, issuer }, { uniqueKey })];
      });
      if (orders.length > 0) await jobs.enqueueAll(em, { tenant: tenantOf(em) }, orders);
    },
    job: createLogoutJob(deps),
  };
}
