import type {
  AutosubmitChallenge,
  Challenge,
  ConsentChallenge,
  ConsentPermission,
  FlowInfo,
  IdentificationChallenge,
  Layout,
  LoginSource,
  PromptField,
  ResponseErrors,
} from './challenge.types.ts';
import { flagOf, isWire, listOf, numberOf, optionalText, textOf, type Wire, wireOf } from './wire.codec.ts';

const LAYOUTS: readonly string[] = [
  'stacked',
  'content_left',
  'content_right',
  'sidebar_left',
  'sidebar_right',
] satisfies Layout[];

type Decoders = { readonly [C in Challenge['component']]?: (wire: Wire) => Challenge };

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
};

/** Reads a challenge. Undefined when the value is not one at all; an unknown component is an `unknown` challenge. */
export function parseChallenge(value: unknown): Challenge | undefined {
  if (!isWire(value)) return undefined;
  const name = textOf(value, 'component');
  if (name === '') return undefined;
  const decode = Object.hasOwn(decoders, name) ? decoders[name as Challenge['component']] : undefined;
  return decode ? decode(value) : { component: 'unknown', ...shown(value), name };
}

function shown(wire: Wire): { flow_info?: FlowInfo; response_errors?: ResponseErrors } {
  return {
    ...(isWire(wire.flow_info) ? { flow_info: flowInfo(wire.flow_info) } : {}),
    ...(isWire(wire.response_errors) ? { response_errors: responseErrors(wire.response_errors) } : {}),
  };
}

function withUser(wire: Wire) {
  return {
    ...shown(wire),
    pending_user: textOf(wire, 'pending_user'),
    pending_user_avatar: textOf(wire, 'pending_user_avatar'),
  };
}

function flowInfo(wire: Wire): FlowInfo {
  const layout = textOf(wire, 'layout');
  return {
    title: textOf(wire, 'title'),
    background: textOf(wire, 'background'),
    cancel_url: textOf(wire, 'cancel_url') || '/flows/-/cancel/',
    layout: LAYOUTS.includes(layout) ? (layout as Layout) : 'stacked',
  };
}

function responseErrors(wire: Wire): ResponseErrors {
  const errors = Object.keys(wire).map((field) => [field, listOf(wire, field, errorDetail)] as const);
  return Object.fromEntries(errors);
}

function errorDetail(value: unknown) {
  const wire = wireOf(value);
  return { string: typeof value === 'string' ? value : textOf(wire, 'string'), code: textOf(wire, 'code') };
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
  const challenge = wireOf(wire.challenge);
  const isRedirect = textOf(challenge, 'component') === 'xak-flow-redirect' || textOf(challenge, 'type') === 'redirect';
  return {
    name: textOf(wire, 'name'),
    icon_url: optionalText(wire, 'icon_url'),
    to: isRedirect ? optionalText(challenge, 'to') : undefined,
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
