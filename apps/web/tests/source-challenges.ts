import { flowInfo } from './authenticator-challenges.ts';

/** Examples of steps that speak with others: captchas, mails, devices, sources. */

const native = { type: 'native' };
const user = { pending_user: 'ada.lovelace', pending_user_avatar: '/static/dist/assets/images/user_default.png' };

export const plex = { ...native, component: 'ak-source-plex', client_id: 'plex-client', slug: 'plex' };
export const apple = {
  ...native,
  component: 'ak-source-oauth-apple',
  client_id: 'org.example.id',
  scope: 'name email',
  redirect_uri: 'https://id.example.com/source/oauth/callback/apple/',
  state: 'a state & more',
};

const captcha = { ...native, ...flowInfo('One moment'), ...user, component: 'ak-stage-captcha', site_key: 'site-key' };

export const otherExamples: Readonly<Record<string, object>> = {
  email: { ...native, ...flowInfo('Reset your password'), component: 'ak-stage-email' },
  captcha: { ...captcha, js_url: 'https://captcha.example/hcaptcha.js' },
  'captcha-recaptcha': { ...captcha, js_url: 'https://captcha.example/recaptcha.js' },
  'captcha-turnstile': { ...captcha, js_url: 'https://captcha.example/turnstile.js' },
  'captcha-broken': { ...captcha, js_url: 'https://captcha.example/missing.js' },
  'device-code': { ...native, ...flowInfo('Connect a device'), component: 'ak-provider-oauth2-device-code' },
  'device-code-finish': {
    ...native,
    ...flowInfo('Connect a device'),
    component: 'ak-provider-oauth2-device-code-finish',
  },
  plex: { ...plex, ...flowInfo('Welcome back') },
  apple: { ...apple, ...flowInfo('Welcome back') },
};
