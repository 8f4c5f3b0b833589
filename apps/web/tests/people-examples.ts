/** What the double knows of a person, as it comes over the wire. */

const avatar = '/static/dist/assets/images/user_default.png';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

export const ada = { pk: 7, username: 'ada.lovelace', name: 'Ada Lovelace', email: 'ada@example.com', avatar };
export const grace = { pk: 8, username: 'grace.hopper', name: 'Grace Hopper', email: 'grace@example.com', avatar };

const device = (pk: number, name: string, app: string, model: string) => ({
  pk,
  name,
  type: `authentik_stages_authenticator_${app}.${model}Device`,
  verbose_name: `${model} Device`,
  verbose_name_plural: `${model} Devices`,
  meta_model_name: `authentik_stages_authenticator_${app}.${model.toLowerCase()}device`,
  confirmed: true,
});

const session = (uuid: string, agent: readonly [string, string, string], more: object = {}) => ({
  uuid,
  current: false,
  user_agent: {
    device: { brand: '', family: 'Other', model: '' },
    os: { family: agent[2], major: '', minor: '', patch: '', patch_minor: '' },
    user_agent: { family: agent[0], major: agent[1], minor: '', patch: '' },
    string: 'Mozilla/5.0',
  },
  geo_ip: null as object | null,
  user: 7,
  last_ip: '192.0.2.7',
  last_user_agent: 'Mozilla/5.0',
  last_used: ago(0),
  expires: ago(-300),
  ...more,
});

const setup = (name: string, title: string) => ({
  object_uid: `stage-${name}`,
  component: name === 'password' ? 'ak-user-settings-password' : `ak-user-settings-authenticator-${name}`,
  title,
  configure_url: `/flows/-/configure/stage-${name}/`,
});

const place = { continent: 'EU', country: 'DE', lat: 48.1, long: 11.6, city: 'Munich' };

const application = (name: string) => ({ pk: name, name, slug: name.toLowerCase(), meta_icon: null });

type Token = { readonly identifier: string; readonly [field: string]: unknown };

/** A fresh copy for each test. */
export const examplesOfPeople = () => ({
  me: { user: { ...ada } } as { user: typeof ada; original?: typeof ada },
  brand: { flow_user_settings: 'user-settings' } as { flow_user_settings?: string; flow_unenrollment?: string },
  setups: [
    setup('duo', 'Duo'),
    setup('static', 'Static tokens'),
    setup('totp', 'TOTP device'),
    setup('webauthn', 'WebAuthn device'),
    setup('password', 'Change password'),
  ],
  devices: [device(1, 'Phone', 'totp', 'TOTP'), device(1, 'Recovery codes', 'static', 'Static')],
  sessions: [
    session('old', ['Safari', '18', 'iOS'], { last_used: ago(30), geo_ip: place, last_ip: '198.51.100.23' }),
    session('this', ['Chrome', '151', 'Linux'], { current: true }),
    session('script', ['Other', '', 'Other'], { last_user_agent: 'curl/8.15.0', last_used: ago(900) }),
  ],
  consents: [
    { pk: 3, user: ada, application: application('Dashboards'), permissions: 'openid email roles', expires: null },
    { pk: 4, user: ada, application: application('Wiki'), permissions: '', expires: ago(-72) },
  ] as object[],
  tokens: [
    {
      pk: 'a',
      identifier: 'nightly-backup',
      description: 'Copies everything to the cellar',
      intent: 'api',
      expiring: true,
      expires: ago(-0.4),
      user: 7,
    },
    { pk: 'b', identifier: 'mail', description: '', intent: 'app_password', expiring: false, expires: null, user: 7 },
    { pk: 'c', identifier: 'ak-recovery-ada', description: '', intent: 'recovery', expiring: true, expires: ago(-1) },
  ] as Token[],
  /** Undefined: the server does not know sources at all. */
  sources: undefined as object[] | undefined,
});

export type PeopleStore = ReturnType<typeof examplesOfPeople> & {
  /** Changes that arrived, in order. */
  readonly changes: string[];
  /** Answers every request to these paths with this status. */
  readonly broken: Map<string, number>;
};
