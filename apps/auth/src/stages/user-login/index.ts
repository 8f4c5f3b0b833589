/** Signs the pending user in: by itself, or after asking whether to remember them where the stage offers it. */

import { seconds } from '@postern/durations';
import { defineStage, flag, readSettings, type StageKind } from '../../plans/index.ts';
import { isImposed } from '../device.owner.ts';
import type { StageAccounts, StageSessions } from '../stage.ports.ts';
import { signIn } from './respond.ts';
import { userLoginSettings } from './settings.ts';

export { userLoginModel, userLoginSettings } from './settings.ts';

/** What signing in needs. */
export type UserLogin = {
  readonly sessions: Pick<StageSessions, 'issue'>;
  readonly accounts: Pick<StageAccounts, 'hasRights'>;
};

/** Creates the login stage. */
export function createUserLoginStage({ sessions, accounts }: UserLogin): StageKind {
  return defineStage({
    kind: 'user_login',
    component: 'ak-stage-user-login',
    readSettings: (stored) => readSettings(userLoginSettings, stored),
    enter: async (visit) => {
      if (visit.context.pending_user?.kind !== 'account') return { kind: 'denied' };
      if (await isImposed(accounts, visit)) return { kind: 'denied' };
      if (seconds(visit.settings.remember_me_offset) === 0) return signIn(visit, sessions, false);
      return { kind: 'challenge', challenge: { component: 'ak-stage-user-login', withUser: true, fields: {} } };
    },
    answer: () => ({ remember_me: flag() }),
    respond: async (visit, answer) => signIn(visit, sessions, answer.remember_me),
  });
}
