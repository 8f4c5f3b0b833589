import { tasks } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { type EventDeps, eventsIn, toSeries, WEEK } from '../events/index.ts';

/** Counts sign-ins. Who may not see events sees zeros, as the contract has it. */
export function createLoginMetrics({ db, clock }: EventDeps): BoundService {
  return bind(tasks.LoginMetricsServiceDefinition, {
    getLoginMetrics: async (_request, call) => {
      const now = clock.now();
      if (!maySeeEvents(call)) {
        const none = toSeries(WEEK, [], now);
        return { logins: none, logins_failed: none, authorizations: none };
      }
      return db.read(call.context, async (em) => {
        const count = async (action: string) => toSeries(WEEK, await eventsIn(em).countAction(WEEK, action, now), now);
        const [logins, logins_failed] = [await count('login'), await count('login_failed')];
        return { logins, logins_failed, authorizations: await count('authorize_application') };
      });
    },
  });
}

function maySeeEvents({ context: { principal } }: Call): boolean {
  if (principal.kind !== 'user') return principal.kind === 'service';
  return principal.superuser || principal.permissions.includes('authentik_events.view_event');
}
