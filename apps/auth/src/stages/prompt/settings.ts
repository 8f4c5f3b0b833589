import { listSetting, type SettingsOf } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a prompt stage: keys of its fields and of the policies that judge the answer. */
export const promptSettings = { fields: listSetting(), validation_policies: listSetting() };

export type PromptSettings = SettingsOf<typeof promptSettings>;

export const promptModel: StageModel = {
  kind: 'prompt',
  model: 'authentik_stages_prompt.promptstage',
  verboseName: 'Prompt Stage',
  verboseNamePlural: 'Prompt Stages',
  component: 'ak-stage-prompt-form',
  links: {},
};

/** The types a prompt can have. */
export const PROMPT_TYPES = [
  'text',
  'text_area',
  'text_read_only',
  'text_area_read_only',
  'username',
  'email',
  'password',
  'number',
  'checkbox',
  'radio-button-group',
  'dropdown',
  'date',
  'date-time',
  'file',
  'separator',
  'hidden',
  'static',
  'ak-locale',
] as const;

export type PromptType = (typeof PROMPT_TYPES)[number];
