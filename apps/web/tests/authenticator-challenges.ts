/** Examples of the challenges about second factors, as they come over the wire. */

const native = { type: 'native' };
const user = { pending_user: 'ada.lovelace', pending_user_avatar: '/static/dist/assets/images/user_default.png' };

export const flowInfo = (title: string, layout = 'stacked') => ({
  flow_info: {
    title,
    layout,
    background: '/static/dist/assets/images/flow_background.jpg',
    cancel_url: '/flows/-/cancel/',
  },
});

export const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const CODES = ['kX82mPqR41aZ', 'bN7vC3xL9wQe', 'Jh5tY6uI2oPa', 'sD4fG8hK1lZx', 'Vc0bN3mQ7wEr', 'Ty6uI9oP5aSd'];
/** What the text message of the double says. */
export const SMS_CODE = '042424';

const setUp = { ...native, ...flowInfo('Set up a second factor'), ...user };
const validate = {
  ...native,
  ...flowInfo('Confirm that it is you'),
  ...user,
  component: 'ak-stage-authenticator-validate',
  configuration_stages: [] as object[],
};

const device = (device_class: string, device_uid: string, challenge: object = {}) => ({
  device_class,
  device_uid,
  challenge,
});
const stage = (kind: string, name: string, more: object = {}) => ({
  pk: `00000000-0000-4000-8000-${name
    .padStart(12, '0')
    .slice(-12)
    .replaceAll(/[^0-9a-f]/g, '0')}`,
  name,
  verbose_name: `${kind} Setup Stage`,
  meta_model_name: `authentik_stages_authenticator_${kind}.authenticator${kind}stage`,
  ...more,
});

export const totpDevice = device('totp', '11');
export const smsDevice = device('sms', '13');
export const duoDevice = device('duo', '14');
export const STATIC_STAGE = '7b1d6d7e-3a57-4b6e-8f58-5f1b0a9e2c11';

export const authenticatorExamples: Readonly<Record<string, object>> = {
  'validate-totp': { ...validate, device_challenges: [totpDevice] },
  'validate-all': {
    ...validate,
    device_challenges: [
      device('webauthn', '12', { challenge: 'AAAA', rpId: 'localhost', allowCredentials: [] }),
      totpDevice,
      smsDevice,
      duoDevice,
      device('static', '15'),
    ],
  },
  'validate-sms': { ...validate, device_challenges: [smsDevice] },
  'validate-duo': { ...validate, device_challenges: [duoDevice] },
  'validate-static': { ...validate, device_challenges: [device('static', '15')] },
  'validate-set-up': {
    ...validate,
    device_challenges: [],
    configuration_stages: [
      stage('totp', 'totp-setup'),
      stage('webauthn', 'webauthn-setup'),
      stage('static', 'static-setup', { pk: STATIC_STAGE }),
    ],
  },
  totp: {
    ...setUp,
    component: 'ak-stage-authenticator-totp',
    config_url: `otpauth://totp/Postern%3Aada.lovelace?secret=${SECRET}&algorithm=SHA1&digits=6&period=30&issuer=Postern`,
  },
  static: { ...setUp, component: 'ak-stage-authenticator-static', codes: CODES },
  sms: { ...setUp, component: 'ak-stage-authenticator-sms', phone_number_required: true },
  'sms-code': { ...setUp, component: 'ak-stage-authenticator-sms', phone_number_required: false },
  duo: {
    ...setUp,
    component: 'ak-stage-authenticator-duo',
    activation_barcode: '/static/authentik/sources/barcode.svg',
    activation_code: 'https://m-0.duosecurity.example/activate/abc',
    stage_uuid: '5d1f3a1c-6df5-4ac9-8f0a-5fb9f24c2d10',
  },
  webauthn: { ...setUp, component: 'ak-stage-authenticator-webauthn', registration: {} },
};
