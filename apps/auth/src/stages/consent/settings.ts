import { choiceSetting, type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a consent stage. `consent_expire_in` counts for the mode `expiring` only. */
export const consentSettings = {
  mode: choiceSetting(['expiring', 'permanent', 'always_require'], 'expiring'),
  consent_expire_in: textSetting('weeks=4'),
};

export type ConsentSettings = SettingsOf<typeof consentSettings>;

export const consentModel: StageModel = {
  kind: 'consent',
  model: 'authentik_stages_consent.consentstage',
  verboseName: 'Consent Stage',
  verboseNamePlural: 'Consent Stages',
  component: 'ak-stage-consent-form',
  links: {},
};
