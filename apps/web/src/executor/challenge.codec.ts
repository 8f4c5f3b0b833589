import { authenticatorDecoders } from './authenticator.codec.ts';
import type {
  AutosubmitChallenge,
  Challenge,
  ConsentChallenge,
  ConsentPermission,
  IdentificationChallenge,
  LoginSource,
  PromptField,
} from './challenge.types.ts';
import { shown, withUser } from './frame.codec.ts';
import { appleChallenge, plexChallenge, sourceChallenge } from './source.codec.ts';
import { flagOf, isWire, listOf, numberOf, optionalText, textOf, type Wire, wireOf } from './wire.codec.ts';

type Known = Exclude<Challenge['component'], 'unknown'>;
type Decoders = { readonly [C in Known]: (wire: Wire) => Challenge };

const decoders: Decoders = {
  'xak-flow-redirect': (wire) => ({ component: 'xak-flow-redirect', ...shown(wire), to: textOf(wire, 'to') }),
  'xak-flow-shell': (wire) => ({ component: 'xak-flow-shell', ...shown(wire), body: textOf(wire, 'body') }),
  'ak-stage-identification': identification,
  'ak-stage-password': (wire) => ({
    component: 'ak-stage-password',
    ...withUser(wire),
    recovery_url: optionalText(wire, 'recovery_url'),
  }),
  'ak-stage-consent': consent,
  'ak-stage-user-login': (wire) => ({ component: 'ak-stage-user-login', ...withUser(wire) }),
  'ak-stage-prompt': (wire) => ({
    component: 'ak-stage-prompt',
    ...shown(wire),
    fields: listOf(wire, 'fields', promptField).toSorted((a, b) => a.order - b.order),
  }),
  'ak-stage-access-denied': (wire) => ({
    component: 'ak-stage-access-denied',
    ...withUser(wire),
    error_message: optionalText(wire, 'error_message'),
  }),
  'ak-stage-flow-error': (wire) => ({
    component: 'ak-stage-flow-error',
    ...shown(wire),
    request_id: textOf(wire, 'request_id'),
    error: optionalText(wire, 'error'),
    traceback: optionalText(wire, 'traceback'),
  }),
  'ak-stage-autosubmit': autosubmit,
  'ak-stage-dummy': (wire) => ({ component: 'ak-stage-dummy', ...shown(wire) }),
  'ak-stage-email': (wire) => ({ component: 'ak-stage-email', ...shown(wire) }),
  'ak-stage-captcha': (wire) => ({
    component: 'ak-stage-captcha',
    ...withUser(wire),
    site_key: textOf(wire, 'site_key'),
    js_url: textOf(wire, 'js_url'),
  }),
  'ak-provider-oauth2-device-code': (wire) => ({ component: 'ak-provider-oauth2-device-code', ...shown(wire) }),
  'ak-provider-oauth2-device-code-finish': (wire) => ({
    component: 'ak-provider-oauth2-device-code-finish',
    ...shown(wire),
  }),
  'ak-source-plex': plexChallenge,
  'ak-source-oauth-apple': appleChallenge,
  ...authenticatorDecoders,
};

/** Reads a challenge. Undefined when the value is not one at all; an unknown component is an `unknown` challenge. */
export function parseChallenge(value: unknown): Challenge | undefined {
  if (!isWire(value)) return undefined;
  const name = textOf(value, 'component');
  if (name === '') return undefined;
  const decode = Object.hasOwn(decoders, name) ? decoders[name as Known] : undefined;
  return decode ? decode(value) : { component: 'unknown', ...shown(value), name };
}

function identification(wire: Wire): IdentificationChallenge {
  return {
    component: 'ak-stage-identification',
    ...shown(wire),
    user_fields: listOf(wire, 'user_fields', String),
    password_fields: flagOf(wire, 'password_fields'),
    application_pre: optionalText(wire, 'application_pre'),
    enroll_url: optionalText(wire, 'enroll_url'),
    recovery_url: optionalText(wire, 'recovery_url'),
    passwordless_url: optionalText(wire, 'passwordless_url'),
    primary_action: textOf(wire, 'primary_action'),
    sources: listOf(wire, 'sources', loginSource),
    show_source_labels: flagOf(wire, 'show_source_labels'),
  };
}

function loginSource(value: unknown): LoginSource {
  const wire = wireOf(value);
  return {
    name: textOf(wire, 'name'),
    icon_url: optionalText(wire, 'icon_url'),
    challenge: sourceChallenge(wireOf(wire.challenge)),
  };
}

function consent(wire: Wire): ConsentChallenge {
  return {
    component: 'ak-stage-consent',
    ...withUser(wire),
    header_text: optionalText(wire, 'header_text'),
    permissions: listOf(wire, 'permissions', consentPermission),
    additional_permissions: listOf(wire, 'additional_permissions', consentPermission),
    token: textOf(wire, 'token'),
  };
}

function consentPermission(value: unknown): ConsentPermission {
  const wire = wireOf(value);
  return { id: textOf(wire, 'id'), name: textOf(wire, 'name') };
}

function promptField(value: unknown): PromptField {
  const wire = wireOf(value);
  return {
    field_key: textOf(wire, 'field_key'),
    label: textOf(wire, 'label'),
    type: textOf(wire, 'type'),
    required: flagOf(wire, 'required'),
    placeholder: textOf(wire, 'placeholder'),
    initial_value: textOf(wire, 'initial_value'),
    order: numberOf(wire, 'order'),
    sub_text: textOf(wire, 'sub_text'),
    choices: listOf(wire, 'choices', String),
  };
}

function autosubmit(wire: Wire): AutosubmitChallenge {
  const attrs = Object.entries(wireOf(wire.attrs)).map(([name, value]) => [name, String(value)] as const);
  return {
    component: 'ak-stage-autosubmit',
    ...shown(wire),
    url: textOf(wire, 'url'),
    attrs: Object.fromEntries(attrs),
    title: optionalText(wire, 'title'),
  };
}
