import { type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a deny stage. */
export const denySettings = { deny_message: textSetting('') };

export type DenySettings = SettingsOf<typeof denySettings>;

export const denyModel: StageModel = {
  kind: 'deny',
  model: 'authentik_stages_deny.denystage',
  verboseName: 'Deny Stage',
  verboseNamePlural: 'Deny Stages',
  component: 'ak-stage-deny-form',
  links: {},
};
