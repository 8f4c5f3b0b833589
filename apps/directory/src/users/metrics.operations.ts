import type { Database } from '@postern/database';
import type { api, directory, tasks } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';
import { requirePermission } from '../memberships/index.ts';
import { getUser } from './user.repository.ts';

/** What counting needs. */
export type MetricsDeps = {
  readonly db: Pick<Database, 'read'>;
  readonly series: Pick<Client<tasks.EventSeriesServiceDefinition>, 'getEventSeries'>;
};

/** Counts what a user did, from the audit log. Throws NOT_FOUND, and PERMISSION_DENIED without `authentik_events.view_event`. */
export type CountUserEvents = (pk: number, call: Call) => Promise<directory.UserMetrics>;

/** Creates it. */
export function createCountUserEvents({ db, series }: MetricsDeps): CountUserEvents {
  return async (pk, call) => {
    requirePermission('authentik_events.view_event', call);
    const { username } = await db.read(call.context, (em) => getUser(em, pk));
    const count = async (query: object): Promise<api.Coordinate[]> => {
      const request = { query: JSON.stringify(query) };
      return (await series.getEventSeries(request, asService(call.context.tenant, call))).items;
    };
    const [logins, logins_failed, authorizations] = await Promise.all([
      count({ action: 'login', user__pk: pk }),
      // Nobody is signed in when a sign-in fails: all that is known is the name that was typed.
      count({ action: 'login_failed', context__username: username }),
      count({ action: 'authorize_application', user__pk: pk }),
    ]);
    return { logins, logins_failed, authorizations };
  };
}
