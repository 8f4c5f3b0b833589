import { asService, type Context } from '@postern/rpc';
import type { ApplyBlueprint } from '../apply/index.ts';
import { type Entry, type Json, tagged, taggedMap } from '../format/index.ts';
import type { DocumentsOutcome } from './documents.operations.ts';
import { edgesOf } from './entry.writer.ts';
import { identify } from './identity.ts';
import { type Held, type InventoryDeps, takeInventory } from './inventory.ts';
import { inOrder } from './order.ts';

/** What pruning needs. */
export type PruningDeps = InventoryDeps & { readonly applyBlueprint: ApplyBlueprint };

/** An object that stays. */
export type KeptObject = { readonly model: string; readonly pk: Json };

/** Creates the way to delete all configuration but what is named: those first that refer to others. */
export function createPruning({ applyBlueprint, ...deps }: PruningDeps) {
  return async (asker: Context, keep: readonly KeptObject[], dryRun: boolean): Promise<DocumentsOutcome> => {
    const inventory = await takeInventory(deps, asService(asker.tenant), { users: false });
    const identities = identify(inventory);
    const kept = new Set(keep.map(({ model, pk }) => nameOf(model, pk)));
    const surplus = inventory.held.filter(
      ({ model, object }) => !model.singleton && !kept.has(nameOf(model.label, object[model.keyField])),
    );
    const order = inOrder(surplus, edgesOf({ inventory, identities })).flat().reverse();
    const entries = order.map(({ node }, index) => absence(node, index));
    const blueprint = { version: 1, context: taggedMap({}), entries } as const;
    const { status, logs, changes } = await applyBlueprint(asker.tenant, blueprint, {}, { dryRun, asker });
    return { status, logs: logs.map((log) => ({ ...log, entry: undefined, file: '' })), changes };
  };
}

/** Deletes all but what is named. */
export type Prune = ReturnType<typeof createPruning>;

function nameOf(model: string, key: Json | undefined): string {
  return `${model.toLowerCase()} ${String(key ?? '').toLowerCase()}`;
}

function absence({ model, object }: Held, index: number): Entry {
  return {
    index,
    line: 0,
    model: tagged(model.label),
    state: tagged('absent'),
    conditions: [],
    identifiers: taggedMap({ [model.pathField]: object[model.pathField] ?? null }),
    attrs: taggedMap({}),
  };
}
