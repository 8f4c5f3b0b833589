import { flagSetting, keySetting, listSetting, type SettingsOf } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of an identification stage. */
export const identificationSettings = {
  user_fields: listSetting(),
  password_stage: keySetting(),
  case_insensitive_matching: flagSetting(true),
  show_matched_user: flagSetting(true),
  pretend_user_exists: flagSetting(true),
  enrollment_flow: keySetting(),
  recovery_flow: keySetting(),
  passwordless_flow: keySetting(),
  sources: listSetting(),
  show_source_labels: flagSetting(false),
};

export type IdentificationSettings = SettingsOf<typeof identificationSettings>;

export const identificationModel: StageModel = {
  kind: 'identification',
  model: 'authentik_stages_identification.identificationstage',
  verboseName: 'Identification Stage',
  verboseNamePlural: 'Identification Stages',
  component: 'ak-stage-identification-form',
  links: { password_stage: 'stage', enrollment_flow: 'flow', recovery_flow: 'flow', passwordless_flow: 'flow' },
};
