/**
 * Asks who somebody is, and for their password too where a password stage is set. The answer to a name that nobody has is that to a
 * name that somebody has: with `pretend_user_exists` the plan goes on, with a password stage the password is wrong.
 */

import { defineStage, optional, readSettings, type StageKind, text } from '../../plans/index.ts';
import type { StageLinks } from '../stage.ports.ts';
import { identificationChallenge } from './challenge.ts';
import { type Identifying, identify } from './respond.ts';
import { identificationSettings } from './settings.ts';

export { identificationModel, identificationSettings } from './settings.ts';

/** What the identification stage needs. */
export type IdentificationStageDeps = Omit<Identifying, 'links'> & {
  readonly links: Pick<StageLinks, 'flowSlug' | 'stageSettings'>;
};

/** Creates the identification stage. */
export function createIdentificationStage(deps: IdentificationStageDeps): StageKind {
  return defineStage({
    kind: 'identification',
    component: 'ak-stage-identification',
    readSettings: (stored) => readSettings(identificationSettings, stored),
    enter: async (visit) => ({ kind: 'challenge', challenge: await identificationChallenge(visit, deps.links) }),
    answer: () => ({ uid_field: text({ trim: true }), password: optional(text()) }),
    respond: async (visit, answer) => identify(visit, answer, deps),
  });
}
