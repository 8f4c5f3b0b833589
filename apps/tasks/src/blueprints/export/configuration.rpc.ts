import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { tasks } from '@postern/proto';
import { eventContext, recordedFact } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { type Change, encodeChange } from '../apply/index.ts';
import { asJsonObject } from '../format/index.ts';
import type { ApplyDocuments, DocumentLog, DocumentsOutcome } from './documents.operations.ts';
import type { ExportConfiguration } from './export.operations.ts';
import type { Prune } from './pruning.operations.ts';
import { seal } from './seal.ts';

/** How an instance differs from its objects. */
export type Drift = {
  readonly status: string;
  readonly logs: readonly DocumentLog[];
  readonly changes: readonly Change[];
};

export type ConfigurationRpcDeps = {
  readonly db: Pick<Database, 'write'>;
  readonly outbox: Pick<Outbox, 'record'>;
  readonly exportConfiguration: ExportConfiguration;
  readonly applyDocuments: ApplyDocuments;
  readonly prune: Prune;
  /** Looks at an instance. Throws NOT_FOUND. */
  readonly lookForDrift: (tenant: string, pk: string) => Promise<Drift>;
};

/** The configuration as a whole, over RPC. */
export function bindConfiguration(deps: ConfigurationRpcDeps): BoundService {
  const { exportConfiguration, applyDocuments, prune, lookForDrift } = deps;

  async function apply(request: tasks.BlueprintDocumentsRequest, dryRun: boolean, { context, signal }: Call) {
    const { documents, secrets, passphrase, pictures, complete } = request;
    // Who gave up waiting for a plan has no use for it; what is being applied goes on, as its caller was told.
    const patience = dryRun ? { signal } : {};
    const work = {
      documents,
      secrets,
      passphrase,
      pictures,
      complete,
      dryRun,
      ...patience,
      context: asJsonObject(request.context),
    };
    return encodeOutcome(await applyDocuments(context, work));
  }

  return bind(tasks.BlueprintConfigurationServiceDefinition, {
    async exportConfiguration({ users, passphrase, split }, call) {
      const { secrets, remarks, ...exported } = await exportConfiguration(call.context.tenant, { users, split });
      const documents = [...exported.documents];
      const pictures = exported.pictures.map(({ name, address }) => ({ name, address }));
      const told = { documents, pictures, objects: exported.objects };
      const names = Object.keys(secrets);
      if (passphrase === '' || names.length === 0)
        return { ...told, secrets: '', remarks: [...remarks, ...leftOut(names)] };
      await tell(deps, call, names);
      return { ...told, secrets: await seal(secrets, passphrase), remarks: [...remarks] };
    },
    planDocuments: (request, call) => apply(request, true, call),
    applyDocuments: (request, call) => apply(request, false, call),
    async pruneConfiguration({ keep, dry_run }, { context }) {
      return encodeOutcome(await prune(context, keep, dry_run));
    },
    async getBlueprintDrift({ instance_uuid }, { context }) {
      const { status, logs, changes } = await lookForDrift(context.tenant, instance_uuid);
      return { status, drifted: changes.length > 0, logs: logs.map(encodeLog), changes: changes.map(encodeChange) };
    },
  });
}

/** Whoever exports secrets has seen them: the audit log says so. */
async function tell({ db, outbox }: ConfigurationRpcDeps, call: Call, names: readonly string[]): Promise<void> {
  const fact = recordedFact('tasks', {
    action: 'secret_view',
    app: 'authentik.blueprints',
    context: { message: `The configuration was exported with ${names.length} secrets.` },
  });
  await db.write(call.context, (em) => outbox.record(em, eventContext(call), fact));
}

function leftOut(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    `${names.length} secrets are left out: where they are imported without them, those that are there stay, and new ones are made where that can be.`,
    ...names.map((name) => `Left out: ${name}`),
  ];
}

function encodeOutcome({ status, logs, changes }: DocumentsOutcome): tasks.DocumentsOutcome {
  return { status, logs: logs.map(encodeLog), changes: changes.map(encodeChange) };
}

function encodeLog({ level, message, file, entry, field, line }: DocumentLog): tasks.DocumentLog {
  return { level, message, file, entry, field, line };
}
