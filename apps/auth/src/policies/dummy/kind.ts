/** A policy that waits and then says what it is told to say, for trying bindings out. */

import { setTimeout as sleep } from 'node:timers/promises';
import { flagSetting, integerSetting, type SettingsOf } from '../../plans/index.ts';
import type { PolicyFamily, PolicyKind } from '../policy.model.ts';

const settings = { result: flagSetting(false), wait_min: integerSetting(5), wait_max: integerSetting(30) };

/** Settings of a dummy policy. The waiting times are whole seconds. */
export type DummySettings = SettingsOf<typeof settings>;

export const dummyFamily: PolicyFamily<DummySettings> = {
  model: {
    kind: 'dummy',
    model: 'authentik_policies_dummy.dummypolicy',
    verboseName: 'Dummy Policy',
    verboseNamePlural: 'Dummy Policies',
    component: 'ak-policy-dummy-form',
    isForDebugging: true,
  },
  type: 'postern.auth.v1.DummyPolicy',
  settings,
};

/**
 * Creates the kind.
 *
 * @param random a number from 0 up to, and without, 1
 */
export function createDummyPolicy({ random }: { random: () => number }): PolicyKind<DummySettings> {
  return {
    family: dummyFamily,
    evaluate: async ({ result, wait_min, wait_max }, _question, { signal }) => {
      const shortest = Math.max(0, wait_min);
      const seconds = shortest + Math.floor(random() * Math.max(0, wait_max - shortest));
      if (seconds > 0) await sleep(seconds * 1000, undefined, { signal });
      return { passing: result, messages: ['dummy'] };
    },
  };
}
