import type { ServiceName } from '@postern/rpc';

/** Apps that keep objects of the public model. */
export type Keeper = Exclude<ServiceName, 'gateway'>;

/** Every app that keeps objects, in the order in which "used by" lists them. */
export const KEEPERS: readonly Keeper[] = ['directory', 'auth', 'providers', 'tasks'];

/** Models that live elsewhere than the rest of their label. */
const MODELS: Readonly<Record<string, Keeper>> = {
  'authentik_core.user': 'directory',
  'authentik_core.group': 'directory',
  'authentik_core.token': 'auth',
  'authentik_core.authenticatedsession': 'auth',
  'authentik_core.userconsent': 'auth',
};

/** Which app keeps the models whose label starts so. The first that fits counts. */
const LABELS: readonly (readonly [prefix: string, keeper: Keeper])[] = [
  ['authentik_core', 'providers'],
  ['authentik_rbac', 'directory'],
  ['authentik_brands', 'directory'],
  ['authentik_tenants', 'directory'],
  ['authentik_flows', 'auth'],
  ['authentik_stages', 'auth'],
  ['authentik_policies', 'auth'],
  ['authentik_providers', 'providers'],
  ['authentik_sources', 'providers'],
  ['authentik_crypto', 'providers'],
  ['authentik_outposts', 'providers'],
  ['authentik_events', 'tasks'],
  ['authentik_blueprints', 'tasks'],
];

/** Families whose members are kept by several apps: everything that policies can be bound to. */
const SHARED: Readonly<Record<string, readonly Keeper[]>> = {
  'authentik_policies.policybindingmodel': ['auth', 'providers', 'tasks'],
};

/** The apps that keep objects of a model or of a family of models. Throws for a label that no app has. */
export function keepersOf(model: string): readonly Keeper[] {
  return SHARED[model] ?? [keeperOf(model)];
}

/** The app that keeps the objects of a model, such as `authentik_core.group`. Throws for a label that no app has. */
export function keeperOf(model: string): Keeper {
  const keeper = MODELS[model] ?? LABELS.find(([prefix]) => model.startsWith(prefix))?.[1];
  if (!keeper) throw new TypeError(`no app keeps ${model}`);
  return keeper;
}
