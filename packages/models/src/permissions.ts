import { createHash } from 'node:crypto';
import { APPS, MODELS, type Named } from './vocabulary.ts';

/** A right that can be given to users and roles, for everything or for one object. */
export type Permission = {
  /** Number of the permission; the same in every installation. */
  readonly id: number;
  /** What people read, such as `Can add Application`. */
  readonly name: string;
  /** The whole name, such as `authentik_core.add_application`. */
  readonly permission: string;
  /** The name within its app, such as `add_application`. */
  readonly codename: string;
  /** Label of the app, such as `authentik_core`. */
  readonly app: string;
  /** What people call the app. */
  readonly appLabel: string;
  /** Label of the model that it is about, such as `authentik_core.application`. */
  readonly model: string;
  /** What people call the model. */
  readonly modelLabel: string;
};

/** Models that rights are given on although clients never choose among them: families, and what only rights are about. */
const FAMILIES: readonly Named[] = [
  ['authentik_core.provider', 'provider'],
  ['authentik_core.source', 'source'],
  ['authentik_core.propertymapping', 'Property Mapping'],
  ['authentik_core.authenticatedsession', 'Authenticated Session'],
  ['authentik_flows.stage', 'stage'],
  ['authentik_policies.policy', 'Policy'],
  ['authentik_policies.policybindingmodel', 'Policy Binding Model'],
  ['authentik_outposts.outpostserviceconnection', 'Outpost Service-Connection'],
  ['authentik_flows.flowtoken', 'Flow Token'],
  ['authentik_enterprise.licenseusage', 'License Usage'],
].map(([name = '', label = '']) => ({ name, label }));

/** What is no object: rights on the installation itself. */
const SYSTEM: Named = { name: 'authentik_rbac.systempermission', label: 'System permission' };

/** Rights beyond making, changing, deleting and viewing. */
const SPECIAL: readonly (readonly [model: string, codename: string, name: string])[] = [
  ['authentik_core.user', 'reset_user_password', 'Reset Password'],
  ['authentik_core.user', 'impersonate', 'Can impersonate other users'],
  ['authentik_core.user', 'assign_user_permissions', 'Can assign permissions to users'],
  ['authentik_core.user', 'unassign_user_permissions', 'Can unassign permissions from users'],
  ['authentik_core.token', 'view_token_key', "View token's key"],
  ['authentik_core.token', 'set_token_key', "Set a token's key"],
  [
    'authentik_crypto.certificatekeypair',
    'view_certificatekeypair_key',
    'View the private key of a Certificate-Key Pair',
  ],
  ['authentik_flows.flow', 'export_flow', 'Can export a Flow'],
  ['authentik_flows.flow', 'inspect_flow', "Can inspect a Flow's execution"],
  ['authentik_flows.flow', 'view_flow_cache', "View Flow's cache metrics"],
  ['authentik_flows.flow', 'clear_flow_cache', "Clear Flow's cache metrics"],
  ['authentik_policies.policy', 'view_policy_cache', "View Policy's cache metrics"],
  ['authentik_policies.policy', 'clear_policy_cache', "Clear Policy's cache metrics"],
  ['authentik_rbac.role', 'assign_role_permissions', 'Can assign permissions to roles'],
  ['authentik_rbac.role', 'unassign_role_permissions', 'Can unassign permissions from roles'],
  [SYSTEM.name, 'view_system_info', 'Can view system info'],
  [SYSTEM.name, 'view_system_tasks', 'Can view system tasks'],
  [SYSTEM.name, 'run_system_tasks', 'Can run system tasks'],
  [SYSTEM.name, 'access_admin_interface', 'Can access admin interface'],
  [SYSTEM.name, 'view_system_settings', 'Can view system settings'],
  [SYSTEM.name, 'edit_system_settings', 'Can edit system settings'],
];

const VERBS = ['add', 'change', 'delete', 'view'] as const;

const LABELS = new Map([...MODELS, ...FAMILIES, SYSTEM].map(({ name, label }) => [name, label] as const));
const APP_LABELS = new Map(APPS.map(({ name, label }) => [labelOf(name), label] as const));

/** Every permission, in the order of apps, models and names. */
export const PERMISSIONS: readonly Permission[] = [
  ...[...MODELS, ...FAMILIES].flatMap(({ name, label }) =>
    VERBS.map((verb) => describe(name, `${verb}_${nameOf(name)}`, `Can ${verb} ${label}`)),
  ),
  ...SPECIAL.map(([model, codename, name]) => describe(model, codename, name)),
].toSorted(byPlace);

const BY_NAME = new Map(PERMISSIONS.map((permission) => [permission.permission, permission] as const));

/** A permission by its whole name, such as `authentik_core.add_application`. */
export function findPermission(permission: string): Permission | undefined {
  return BY_NAME.get(permission);
}

function describe(model: string, codename: string, name: string): Permission {
  const [app = ''] = model.split('.');
  const permission = `${app}.${codename}`;
  const appLabel = APP_LABELS.get(app) ?? app;
  return {
    id: numberOf(permission),
    name,
    permission,
    codename,
    app,
    appLabel,
    model,
    modelLabel: LABELS.get(model) ?? model,
  };
}

/** `authentik.policies.dummy` labels its models `authentik_policies_dummy`. */
function labelOf(app: string): string {
  return app.replaceAll('.', '_');
}

function nameOf(model: string): string {
  return model.slice(model.indexOf('.') + 1);
}

/** 31 bits of the digest of the name: a list that grows renumbers nothing. */
function numberOf(permission: string): number {
  return createHash('sha256').update(permission).digest().readUInt32BE() >>> 1;
}

function byPlace(a: Permission, b: Permission): number {
  const [left, right] = [a, b].map(({ model, codename }) => `${model} ${codename}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
