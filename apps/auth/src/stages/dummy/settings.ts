import { flagSetting, type SettingsOf } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a dummy stage. */
export const dummySettings = { throw_error: flagSetting(false) };

export type DummySettings = SettingsOf<typeof dummySettings>;

export const dummyModel: StageModel = {
  kind: 'dummy',
  model: 'authentik_stages_dummy.dummystage',
  verboseName: 'Dummy Stage',
  verboseNamePlural: 'Dummy Stages',
  component: 'ak-stage-dummy-form',
  links: {},
  isForDebugging: true,
};
