/** Signs the browser out. Asks nothing; passes for a browser in which nobody is signed in, too. */

import { defineStage, readSettings, type StageKind } from '../../plans/index.ts';
import type { StageSessions } from '../stage.ports.ts';
import { userLogoutSettings } from './settings.ts';

export { userLogoutModel, userLogoutSettings } from './settings.ts';

/** Creates the logout stage. */
export function createUserLogoutStage({ sessions }: { sessions: Pick<StageSessions, 'end'> }): StageKind {
  return defineStage({
    kind: 'user_logout',
    component: 'xak-flow-response-default',
    readSettings: (stored) => readSettings(userLogoutSettings, stored),
    enter: async ({ session, request }) => ({
      kind: 'passed',
      effect: async (tx) => ({ session: await sessions.end(tx, session, request.client) }),
      forgetNext: true,
    }),
    answer: () => ({}),
    respond: async () => ({ kind: 'denied' }),
  });
}
