import type { FlowAuthentication, FlowDesignation, JsonObject } from '../plans/index.ts';

/** A stage in its place in a flow that a fresh tenant starts with. */
export type DefaultBinding = {
  readonly stage: string;
  readonly order: number;
  /** Asked while planning and not again; the other way round by default. */
  readonly onPlan?: boolean;
  readonly policies?: readonly string[];
};

/** A flow that a fresh tenant starts with. */
export type DefaultFlow = {
  readonly slug: string;
  readonly name: string;
  readonly title: string;
  readonly designation: FlowDesignation;
  readonly authentication: FlowAuthentication;
  readonly policies?: readonly string[];
  readonly bindings: readonly DefaultBinding[];
};

/** A stage that a fresh tenant starts with. `fields` names its prompts. */
export type DefaultStage = {
  readonly name: string;
  readonly kind: string;
  readonly settings: JsonObject;
  readonly fields?: readonly string[];
};

/** Expressions of the policies that a fresh tenant starts with, by their names. Evaluated natively as long as they say this. */
export const DEFAULT_EXPRESSIONS = {
  'default-authentication-flow-password-stage': `# The password is asked once: not here, where the identification stage has asked it.
plan = request.context.get("flow_plan")
if not plan:
    return True
return not hasattr(plan.context.get("pending_user"), "backend")
`,
  'default-oobe-password-usable': `# Open to whoever has the link of the log, until the first administrator has a password.
return ak_setup_is_open()
`,
  'default-oobe-prefill-user': `# What is written goes to the first administrator, and only their first password.
return ak_setup_prefill()
`,
} as const;

/** Slug of the flow that sets the first password. */
export const SETUP_FLOW = 'initial-setup';

export const DEFAULT_PROMPTS = [
  {
    name: 'initial-setup-field-header',
    field_key: 'oobe-header-text',
    label: 'oobe-header-text',
    type: 'static',
    placeholder: 'Welcome! Please set a password and an e-mail address for the default admin user, akadmin.',
    order: 100,
  },
  {
    name: 'initial-setup-field-email',
    field_key: 'email',
    label: 'Email',
    type: 'email',
    placeholder: 'Admin email',
    order: 101,
  },
  {
    name: 'initial-setup-field-password',
    field_key: 'password',
    label: 'Password',
    type: 'password',
    placeholder: 'Password',
    order: 300,
  },
  {
    name: 'initial-setup-field-password-repeat',
    field_key: 'password_repeat',
    label: 'Password (repeat)',
    type: 'password',
    placeholder: 'Password (repeat)',
    order: 301,
  },
] as const;

export const DEFAULT_STAGES: readonly DefaultStage[] = [
  {
    name: 'default-authentication-identification',
    kind: 'identification',
    settings: { user_fields: ['email', 'username'] },
  },
  {
    name: 'default-authentication-password',
    kind: 'password',
    settings: {
      backends: [
        'authentik.core.auth.InbuiltBackend',
        'authentik.sources.ldap.auth.LDAPBackend',
        'authentik.core.auth.TokenBackend',
      ],
    },
  },
  { name: 'default-authentication-login', kind: 'user_login', settings: {} },
  { name: 'default-invalidation-logout', kind: 'user_logout', settings: {} },
  { name: 'default-provider-authorization-consent', kind: 'consent', settings: {} },
  {
    name: 'stage-default-oobe-password',
    kind: 'prompt',
    settings: {},
    fields: DEFAULT_PROMPTS.map(({ name }) => name),
  },
  { name: 'default-password-change-write', kind: 'user_write', settings: { user_creation_mode: 'never_create' } },
];

export const DEFAULT_FLOWS: readonly DefaultFlow[] = [
  {
    slug: 'default-authentication-flow',
    name: 'Welcome to Postern',
    title: 'Welcome to Postern',
    designation: 'authentication',
    authentication: 'none',
    bindings: [
      { stage: 'default-authentication-identification', order: 10 },
      { stage: 'default-authentication-password', order: 20, policies: ['default-authentication-flow-password-stage'] },
      { stage: 'default-authentication-login', order: 100 },
    ],
  },
  {
    slug: 'default-invalidation-flow',
    name: 'Logout',
    title: 'Default Invalidation Flow',
    designation: 'invalidation',
    authentication: 'none',
    bindings: [{ stage: 'default-invalidation-logout', order: 0 }],
  },
  {
    slug: 'default-provider-authorization-explicit-consent',
    name: 'Authorize Application',
    title: 'Continue to %(app)s',
    designation: 'authorization',
    authentication: 'require_authenticated',
    bindings: [{ stage: 'default-provider-authorization-consent', order: 0 }],
  },
  {
    slug: 'default-provider-authorization-implicit-consent',
    name: 'Authorize Application',
    title: 'Redirecting to %(app)s',
    designation: 'authorization',
    authentication: 'require_authenticated',
    bindings: [],
  },
  {
    slug: SETUP_FLOW,
    name: 'default-oobe-setup',
    title: 'Welcome to Postern',
    designation: 'stage_configuration',
    authentication: 'none',
    policies: ['default-oobe-password-usable'],
    bindings: [
      { stage: 'stage-default-oobe-password', order: 10, onPlan: true },
      { stage: 'default-password-change-write', order: 20, policies: ['default-oobe-prefill-user'] },
      { stage: 'default-authentication-login', order: 100, onPlan: true },
    ],
  },
];
