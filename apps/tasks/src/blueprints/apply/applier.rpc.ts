import { tasks } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { asJsonObject, BlueprintError, type Limits, parseBlueprint } from '../format/index.ts';
import type { ApplyBlueprint } from './apply.operations.ts';
import type { BlueprintLog, Change } from './outcome.ts';

/** What applying documents needs. */
export type ApplierRpcDeps = { readonly applyBlueprint: ApplyBlueprint; readonly limits: Limits };

/** Applies blueprints that no instance keeps. */
export function bindApplier({ applyBlueprint, limits }: ApplierRpcDeps): BoundService {
  return bind(tasks.BlueprintApplierServiceDefinition, {
    async applyDocument({ document, context, dry_run }, call) {
      try {
        const blueprint = parseBlueprint(document, limits);
        const { tenant } = call.context;
        const options = { dryRun: dry_run, asker: call.context };
        const outcome = await applyBlueprint(tenant, blueprint, asJsonObject(context), options);
        const { status, logs, changes } = outcome;
        return { status, logs: logs.map(encodeLog), changes: changes.map(encodeChange) };
      } catch (error) {
        if (!(error instanceof BlueprintError)) throw error;
        const { message, entry, field, line } = error;
        return { status: 'error', logs: [encodeLog({ level: 'error', message, entry, field, line })], changes: [] };
      }
    },
  });
}

function encodeLog({ level, message, entry, field, line }: BlueprintLog): tasks.ApplicationLog {
  return { level, message, entry, field, line };
}

/** A change as a message. */
export function encodeChange({ entry, model, pk, title, action, fields, instance }: Change): tasks.AppliedEntry {
  return { entry, model, pk, title, action, fields: fields.map((one) => ({ ...one })), instance };
}
