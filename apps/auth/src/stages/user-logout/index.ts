/** Signs the browser out. Asks nothing; passes for a browser in which nobody is signed in, too. An account that lasts no longer than its session goes with it. */

import { defineStage, readSettings, type StageKind } from '../../plans/index.ts';
import type { StageSessions, UserDirectory } from '../stage.ports.ts';
import { userLogoutSettings } from './settings.ts';

export { userLogoutModel, userLogoutSettings } from './settings.ts';

/** What the logout stage needs. */
export type UserLogoutStageDeps = {
  readonly sessions: Pick<StageSessions, 'end'>;
  readonly directory: Pick<UserDirectory, 'isTransient' | 'remove'>;
};

/** Creates the logout stage. */
export function createUserLogoutStage({ sessions, directory }: UserLogoutStageDeps): StageKind {
  return defineStage({
    kind: 'user_logout',
    component: 'xak-flow-response-default',
    readSettings: (stored) => readSettings(userLogoutSettings, stored),
    enter: async ({ session, request }) => ({
      kind: 'passed',
      effect: async (tx) => {
        const grant = await sessions.end(tx, session, request.client);
        const user = request.requester?.pk;
        if (user !== undefined && (await directory.isTransient(request.tenant, user))) {
          await directory.remove(request.tenant, user);
        }
        return { session: grant };
      },
      forgetNext: true,
    }),
    answer: () => ({}),
    respond: async () => ({ kind: 'denied' }),
  });
}
