/** Lets nobody pass. Policies of its binding decide who gets here. */

import { defineStage, readSettings, type StageKind } from '../../plans/index.ts';
import { denySettings } from './settings.ts';

export { denyModel, denySettings } from './settings.ts';

/** Creates the deny stage. */
export function createDenyStage(): StageKind {
  return defineStage({
    kind: 'deny',
    component: 'xak-flow-response-default',
    readSettings: (stored) => readSettings(denySettings, stored),
    enter: async ({ context, settings }) => {
      // What an expression says comes first, even when it is nothing.
      const message = context.deny_message ?? settings.deny_message;
      return { kind: 'denied', message: message === '' ? undefined : message };
    },
    answer: () => ({}),
    respond: async () => ({ kind: 'denied' }),
  });
}
