/** Sends the browser elsewhere, where a policy asked for that, and lets nobody on. It lives in plans only. */

import {
  defineStage,
  destination,
  REDIRECT_STAGE,
  readSettings,
  type StageKind,
  textSetting,
} from '../../plans/index.ts';

const redirectSettings = { to: textSetting('/') };

/** Creates the redirect stage. An address that is neither a path of this host nor http(s) leads to `/`. */
export function createRedirectStage(): StageKind {
  return defineStage({
    kind: REDIRECT_STAGE,
    component: 'xak-flow-redirect',
    readSettings: (stored) => readSettings(redirectSettings, stored),
    enter: async ({ settings: { to } }) => ({
      kind: 'challenge',
      challenge: {
        type: 'redirect',
        component: 'xak-flow-redirect',
        withUser: false,
        fields: { to: destination({ redirect: to }, '/') },
      },
    }),
    answer: () => ({}),
    respond: async () => ({ kind: 'refused', errors: {} }),
  });
}
