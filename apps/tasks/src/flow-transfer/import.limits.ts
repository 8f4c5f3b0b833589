import { type Blueprint, BlueprintError, type Entry, type Models, type Tagged } from '../blueprints/index.ts';

/** Models that flows are made of; kinds of stages and policies besides. */
const ALLOWED: ReadonlySet<string> = new Set([
  'authentik_flows.flow',
  'authentik_flows.flowstagebinding',
  'authentik_policies.policybinding',
  'authentik_stages_prompt.prompt',
]);
const FAMILIES: ReadonlySet<string | undefined> = new Set(['authentik_flows.stage', 'authentik_policies.policy']);

/** Tags that read what is not in the file. */
const FOREIGN: ReadonlySet<string> = new Set(['Env', 'File']);

/**
 * Refuses what somebody may not bring who may bring flows alone: a blueprint could make anything else, and read the environment of the server. Throws
 * BlueprintError.
 */
export function requireFlowsOnly({ context, entries }: Blueprint, models: Models): void {
  for (const { fields } of [context].filter((value) => value.kind === 'map')) {
    for (const value of fields.values()) requireOwn(value);
  }
  for (const entry of entries) {
    requireAllowed(entry, models);
    for (const value of [entry.state, ...entry.conditions, entry.identifiers, entry.attrs]) {
      requireOwn(value, entry.index);
    }
  }
}

function requireAllowed({ index, model }: Entry, models: Models): void {
  const label = model.kind === 'scalar' ? String(model.value).toLowerCase() : '';
  if (ALLOWED.has(label) || FAMILIES.has(models.get(label)?.family)) return;
  const place = { entry: index, field: 'model', line: model.line };
  throw new BlueprintError(`Model ${label} not allowed`, place);
}

function requireOwn(value: Tagged, entry?: number): void {
  if (value.kind === 'scalar') return;
  if (value.kind === 'tag' && FOREIGN.has(value.tag)) {
    throw new BlueprintError(`!${value.tag} not allowed`, { entry, line: value.line });
  }
  const below = value.kind === 'list' ? value.items : value.kind === 'map' ? [...value.fields.values()] : value.args;
  for (const inner of below) requireOwn(inner, entry);
}
