import { authenticatorExamples, flowInfo } from './authenticator-challenges.ts';
import { apple, otherExamples, plex } from './source-challenges.ts';

/** One example of every challenge that the pages show, as it comes over the wire. */

const user = { pending_user: 'ada.lovelace', pending_user_avatar: '/static/dist/assets/images/user_default.png' };
const native = { type: 'native' };

const field = (order: number, type: string, label: string, more: object = {}) => ({
  field_key: type.replaceAll('-', '_'),
  label,
  type,
  required: true,
  placeholder: '',
  initial_value: '',
  order,
  sub_text: '',
  choices: null,
  ...more,
});

const source = (name: string, slug: string) => ({
  name,
  icon_url: `/static/authentik/sources/${slug}.svg`,
  challenge: { type: 'redirect', component: 'xak-flow-redirect', to: `/source/oauth/login/${slug}/` },
});

export const identification = {
  ...native,
  ...flowInfo('Welcome back'),
  component: 'ak-stage-identification',
  user_fields: ['username', 'email'],
  password_fields: false,
  primary_action: 'Log in',
  sources: [],
  show_source_labels: false,
};

export const password = {
  ...native,
  ...flowInfo('Welcome back'),
  ...user,
  component: 'ak-stage-password',
  recovery_url: '/if/flow/recovery/',
};

export const consent = {
  ...native,
  ...flowInfo('Allow access to your account'),
  ...user,
  component: 'ak-stage-consent',
  header_text: "You're about to sign into Dashboards.",
  permissions: [
    { id: 'openid', name: 'See who you are' },
    { id: 'profile', name: 'See your name and username' },
    { id: 'email', name: 'See your email address' },
  ],
  additional_permissions: [] as { id: string; name: string }[],
  token: 'f4b0c1f6-6f0e-4a3b-9d8a-3a4f5c9a6a10',
};

export const examples: Readonly<Record<string, object>> = {
  identification,
  'identification-full': {
    ...identification,
    password_fields: true,
    application_pre: 'Dashboards',
    enroll_url: '/if/flow/enroll/',
    recovery_url: '/if/flow/recovery/',
    passwordless_url: '/if/flow/key/',
    sources: [source('Campus login', 'campus'), source('Company login', 'openidconnect')],
    show_source_labels: true,
  },
  'identification-passkey': { ...identification, passwordless_url: '/if/flow/key/' },
  'identification-icons': {
    ...identification,
    user_fields: ['email'],
    sources: [source('Campus login', 'campus'), source('Company login', 'openidconnect')],
  },
  'identification-sources': {
    ...identification,
    user_fields: [],
    sources: [
      source('Company login', 'openidconnect'),
      { name: 'Plex', icon_url: '/static/authentik/sources/plex.svg', challenge: plex },
      { name: 'Apple', icon_url: '/static/authentik/sources/apple.svg', challenge: apple },
    ],
    show_source_labels: true,
  },
  'identification-left': { ...identification, ...flowInfo('Welcome back', 'content_left') },
  'identification-right': { ...identification, ...flowInfo('Welcome back', 'content_right') },
  'identification-sidebar-left': { ...identification, ...flowInfo('Welcome back', 'sidebar_left') },
  'identification-sidebar': { ...identification, ...flowInfo('Welcome back', 'sidebar_right') },
  password,
  'password-wrong': { ...password, response_errors: { password: [{ string: 'Invalid password', code: 'invalid' }] } },
  consent,
  'consent-more': {
    ...consent,
    permissions: consent.permissions.slice(0, 1),
    additional_permissions: consent.permissions.slice(1),
  },
  'user-login': { ...native, ...flowInfo('Welcome back'), ...user, component: 'ak-stage-user-login' },
  prompt: {
    ...native,
    ...flowInfo('Tell us about yourself'),
    component: 'ak-stage-prompt',
    response_errors: {
      username: [{ string: 'Username is already taken.', code: 'invalid' }],
      non_field_errors: [{ string: "Passwords don't match.", code: 'invalid' }],
    },
    fields: [
      field(0, 'static', 'Before you start', {
        initial_value: 'We only ask for what <b>we need</b>.\nIt takes a minute.',
      }),
      field(1, 'text', 'Full name', { placeholder: 'Ada Lovelace' }),
      field(2, 'username', 'Username', { initial_value: 'ada' }),
      field(3, 'email', 'Email', { sub_text: 'We send a confirmation to this address.' }),
      field(4, 'password', 'Password'),
      field(5, 'password', 'Password (repeat)', { field_key: 'password_repeat' }),
      field(6, 'separator', 'Optional details'),
      field(7, 'number', 'Age', { required: false }),
      field(8, 'date', 'Birthday', { required: false }),
      field(9, 'date-time', 'First contact', { initial_value: '2026-05-01T10:00:00Z', required: false }),
      field(10, 'dropdown', 'Team', { choices: ['Platform', 'Design', 'Support'], initial_value: 'Design' }),
      field(11, 'radio-button-group', 'Working place', { choices: ['Office', 'Remote'], initial_value: 'Remote' }),
      field(12, 'ak-locale', 'Language', { required: false }),
      field(13, 'text_area', 'Anything else?', { required: false }),
      field(14, 'file', 'Photo', { required: false }),
      field(15, 'text_read_only', 'Invited by', { initial_value: 'Grace Hopper' }),
      field(16, 'text_area_read_only', 'Terms', { initial_value: 'Be kind.' }),
      field(17, 'checkbox', 'Send me news', { initial_value: 'True', sub_text: 'Once a month.' }),
      field(18, 'hidden', '', { initial_value: 'secret' }),
    ],
  },
  'access-denied': {
    ...native,
    ...flowInfo('Welcome back'),
    ...user,
    component: 'ak-stage-access-denied',
    error_message: 'Your account may not use Dashboards.',
  },
  'flow-error': {
    ...native,
    component: 'ak-stage-flow-error',
    request_id: '5f0c9d2e8b7a4c6f9e1d3b5a7c9e1f20',
    error: 'division by zero',
    traceback: 'Traceback (most recent call last):\n  File "stage", line 7\nZeroDivisionError: division by zero',
  },
  dummy: { ...native, ...flowInfo('Just a step'), component: 'ak-stage-dummy' },
  shell: {
    type: 'shell',
    component: 'xak-flow-shell',
    body: '<h1>Not allowed</h1><script>parent.document.title = "escaped"</script><p>Ask your administrator.</p>',
  },
  'script-redirect': { type: 'redirect', component: 'xak-flow-redirect', to: 'javascript:document.title="escaped"' },
  unknown: { ...native, ...flowInfo('Welcome back'), component: 'ak-stage-retina-scan' },
  autosubmit: {
    ...native,
    ...flowInfo('Signing in to Payroll'),
    component: 'ak-stage-autosubmit',
    url: '/acs',
    attrs: { SAMLResponse: 'PHNhbWw+', RelayState: 'deep/link', submit: 'a name that hides the method' },
  },
  ...authenticatorExamples,
  ...otherExamples,
};
