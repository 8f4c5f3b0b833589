import type { Database } from '@postern/database';
import type { Call } from '@postern/rpc';
import { requirePermission } from '../memberships/index.ts';
import type { CountEvents, Series } from './event-series.client.ts';
import { getUser } from './user.repository.ts';

/** What counting needs. */
export type MetricsDeps = { readonly db: Pick<Database, 'read'>; readonly countEvents: CountEvents };

/** What a user did. */
export type UserMetrics = { readonly logins: Series; readonly logins_failed: Series; readonly authorizations: Series };

/** Counts what a user did, from the audit log. Throws NOT_FOUND, and PERMISSION_DENIED without `authentik_events.view_event`. */
export type CountUserEvents = (pk: number, call: Call) => Promise<UserMetrics>;

/** Creates it. */
export function createCountUserEvents({ db, countEvents }: MetricsDeps): CountUserEvents {
  return async (pk, call) => {
    requirePermission('authentik_events.view_event', call);
    const { username } = await db.read(call.context, (em) => getUser(em, pk));
    const [logins, logins_failed, authorizations] = await Promise.all([
      countEvents({ action: 'login', user__pk: pk }, call),
      // Nobody is signed in when a sign-in fails: all that is known is the name that was typed.
      countEvents({ action: 'login_failed', context__username: username }, call),
      countEvents({ action: 'authorize_application', user__pk: pk }, call),
    ]);
    return { logins, logins_failed, authorizations };
  };
}
