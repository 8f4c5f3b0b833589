import { type Database, type EntityManager, getOr404 } from '@postern/database';
import type { ApplyBlueprint, BlueprintLog, Change } from '../apply/index.ts';
import { BlueprintError, type Limits, parseBlueprint } from '../format/index.ts';
import { Instance, type InstanceEntity, type InstanceStatus } from '../instances/index.ts';
import type { Sources } from '../sources/index.ts';

/** What looking for drift needs. */
export type DriftDeps = {
  readonly db: Pick<Database, 'read' | 'write'>;
  readonly sources: Sources;
  readonly applyBlueprint: ApplyBlueprint;
  readonly limits: Limits;
};

/** How the objects of an instance differ from its blueprint. */
export type DriftOutcome = {
  /** Status of the instance after the look; `error` where the blueprint cannot be applied as it stands. */
  readonly status: InstanceStatus;
  readonly logs: readonly (BlueprintLog & { readonly file: string })[];
  /** What an application would change: nothing where there is no drift. */
  readonly changes: readonly Change[];
};

/** Looks at an instance, and notes what it sees. Throws NOT_FOUND. */
export type LookForDrift = (tenant: string, pk: string) => Promise<DriftOutcome>;

/** Creates the look. */
export function createDrift({ db, sources, applyBlueprint, limits }: DriftDeps): LookForDrift {
  async function compare(tenant: string, row: InstanceEntity) {
    try {
      const blueprint = parseBlueprint(await sources.retrieve(row), limits);
      const context = { ...(await sources.pictures(row, blueprint)), ...row.context };
      const outcome = await applyBlueprint(tenant, blueprint, context, { dryRun: true, instance: row.pk });
      // What another instance makes first is that one's drift.
      const changes = outcome.changes.filter(({ action, instance }) => instance === undefined && CHANGES.has(action));
      return { ...outcome, changes };
    } catch (error) {
      if (!(error instanceof BlueprintError)) throw error;
      const { message, entry, field, line } = error;
      return {
        status: 'error' as const,
        logs: [{ level: 'error' as const, message, entry, field, line }],
        changes: [],
      };
    }
  }

  /** Only between these two, and only where nobody applied it meanwhile: a failed application says more. */
  async function note(tenant: string, { pk, lastApplied, status }: InstanceEntity, drifted: boolean) {
    const seen = drifted ? 'warning' : 'successful';
    if (!(status === 'successful' || status === 'warning') || seen === status) return status;
    await db.write({ tenant }, (em) => em.nativeUpdate(Instance, { pk, status, lastApplied }, { status: seen }));
    return seen;
  }

  return async (tenant, pk) => {
    const row = await db.read({ tenant }, (em: EntityManager) => getOr404(em, Instance, pk));
    const { status, logs, changes } = await compare(tenant, row);
    const file = row.path || row.name;
    const placed = logs.map((log) => ({ ...log, file }));
    if (status === 'error') return { status, logs: placed, changes: [] };
    return { status: await note(tenant, row, changes.length > 0), logs: placed, changes };
  };
}

const CHANGES: ReadonlySet<string> = new Set(['created', 'updated', 'deleted']);
