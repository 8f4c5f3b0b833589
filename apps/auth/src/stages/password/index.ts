/**
 * Asks the pending user for their password. Whether somebody exists, is inactive or typed a wrong password, the answer is the same and
 * costs one hash; the plan ends after `failed_attempts_before_cancel` refused answers, empty ones included.
 */

import { defineStage, readSettings, type StageKind, text } from '../../plans/index.ts';
import type { StageLinks } from '../stage.ports.ts';
import { passwordChallenge } from './challenge.ts';
import { countFailure, judgePassword, type PasswordJudge } from './respond.ts';
import { passwordSettings } from './settings.ts';

export { provedBy } from './respond.ts';
export { passwordModel, passwordSettings } from './settings.ts';

/** What the password stage needs. */
export type PasswordStageDeps = PasswordJudge & { readonly links: Pick<StageLinks, 'firstFlowSlug'> };

/** Creates the password stage. */
export function createPasswordStage({ links, ...judge }: PasswordStageDeps): StageKind {
  return defineStage({
    kind: 'password',
    component: 'ak-stage-password',
    readSettings: (stored) => readSettings(passwordSettings, stored),
    enter: async (visit) => {
      if (visit.context.pending_user === undefined) return { kind: 'denied' };
      return { kind: 'challenge', challenge: await passwordChallenge(visit, links) };
    },
    answer: () => ({ password: text() }),
    respond: async (visit, answer) => judgePassword(visit, answer.password, judge),
    malformed: (visit, { errors }) => countFailure(visit, errors),
  });
}
