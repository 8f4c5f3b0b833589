import { type SettingsOf, textSetting } from '../../plans/index.ts';
import type { StageModel } from '../stage.model.ts';

/** Settings of a captcha stage. `api_url` speaks the protocol of `siteverify`, as reCAPTCHA, hCaptcha and Turnstile do. */
export const captchaSettings = {
  public_key: textSetting(''),
  private_key: textSetting(''),
  js_url: textSetting('https://www.recaptcha.net/recaptcha/api.js'),
  api_url: textSetting('https://www.recaptcha.net/recaptcha/api/siteverify'),
};

export type CaptchaSettings = SettingsOf<typeof captchaSettings>;

export const captchaModel: StageModel = {
  kind: 'captcha',
  model: 'authentik_stages_captcha.captchastage',
  verboseName: 'Captcha Stage',
  verboseNamePlural: 'Captcha Stages',
  component: 'ak-stage-captcha-form',
  links: {},
  trusted: ['js_url', 'api_url'],
  secrets: { private_key: 'write_only' },
};
