/** A stage that asks for nothing but a click, for trying flows out. */

import { defineStage, readSettings, type StageKind } from '../../plans/index.ts';
import { dummySettings } from './settings.ts';

export { dummyModel, dummySettings } from './settings.ts';

/** Creates the dummy stage. */
export function createDummyStage(): StageKind {
  return defineStage({
    kind: 'dummy',
    component: 'ak-stage-dummy',
    readSettings: (stored) => readSettings(dummySettings, stored),
    enter: async ({ settings }) => {
      if (settings.throw_error) throw new Error('Test error');
      return { kind: 'challenge', challenge: { component: 'ak-stage-dummy', withUser: false, fields: {} } };
    },
    answer: () => ({}),
    respond: async () => ({ kind: 'passed' }),
  });
}
