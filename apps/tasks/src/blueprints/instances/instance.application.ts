import type { Database, EntityManager } from '@postern/database';
import type { Logger } from '@postern/observability';
import { type Blueprint, BlueprintError, type JsonObject, type Limits, parseBlueprint } from '../format/index.ts';
import { hashOf, type Sources } from '../sources/index.ts';
import { type ApplyPort, type Asker, problemsOf } from './application.port.ts';
import { Instance, type InstanceEntity, type InstanceStatus } from './instance.entity.ts';

export type ApplicationDeps = {
  readonly db: Pick<Database, 'read' | 'write'>;
  readonly sources: Sources;
  readonly apply: ApplyPort;
  readonly limits: Limits;
  readonly clock: { now(): Date };
  readonly log: Logger;
};

/** How the application of an instance went; problems are for people and hold no secret. */
export type InstanceOutcome = {
  readonly status: 'successful' | 'error' | 'skipped';
  readonly problems: readonly string[];
};

/** Applies instances. */
export type InstanceApplication = {
  /** Applies one and remembers how it went. One that is not there or not enabled is left alone. Throws when something other than the blueprint is wrong. */
  run(tenant: string, pk: string, options?: RunOptions): Promise<InstanceOutcome>;
  /** Applies several as one, all or nothing, and remembers that it went well. Answers whether it did; throws when something other than a blueprint is wrong. */
  runTogether(tenant: string, names: readonly string[]): Promise<boolean>;
};

/** How an instance is applied. */
export type RunOptions = {
  /** Who asked for it. */
  readonly asker?: Asker | undefined;
  /** Hash of the text that asked for it: one that was applied meanwhile, with another instance, is left alone. */
  readonly hash?: string | undefined;
};

/** What an application leaves on its instance. */
type Traces = Partial<Pick<InstanceEntity, 'metadata' | 'lastAppliedHash'>> & { status: InstanceStatus };

/** Creates the application of instances. */
export function createInstanceApplication(deps: ApplicationDeps): InstanceApplication {
  const { db, sources, apply, limits, clock, log } = deps;

  async function attempt(
    tenant: string,
    row: InstanceEntity,
    asker: Asker | undefined,
  ): Promise<{ traces: Traces; problems: string[] }> {
    let metadata: JsonObject | undefined;
    try {
      const text = await sources.retrieve(row);
      const blueprint = parseBlueprint(text, limits);
      metadata = metadataOf(blueprint);
      const context = { ...(await sources.pictures(row, blueprint)), ...row.context };
      const outcome = await apply(tenant, blueprint, context, { asker, instance: row.pk });
      const traces = { ...(metadata && { metadata }), status: outcome.status };
      if (outcome.status === 'error') return { traces, problems: problemsOf(outcome) };
      for (const { key, hash } of outcome.first ?? []) {
        await settle(tenant, key, { status: 'successful', lastAppliedHash: hash });
      }
      return { traces: { ...traces, lastAppliedHash: hashOf(text) }, problems: [] };
    } catch (error) {
      if (!(error instanceof BlueprintError)) await settle(tenant, row.pk, { status: 'error' });
      if (!(error instanceof BlueprintError)) throw error;
      return { traces: { ...(metadata && { metadata }), status: 'error' }, problems: [error.describe()] };
    }
  }

  /** The instance may have been changed or deleted meanwhile: only what the application is about is written. */
  async function settle(tenant: string, pk: string, traces: Traces): Promise<void> {
    await db.write({ tenant }, async (em) => {
      const row = await em.findOne(Instance, { pk });
      if (row) em.assign(row, { ...traces, lastApplied: clock.now() });
    });
  }

  return {
    async run(tenant, pk, { asker, hash } = {}) {
      const row = await db.read({ tenant }, (em: EntityManager) => em.findOne(Instance, { pk }));
      if (!row?.enabled || row.lastAppliedHash === hash) return { status: 'skipped', problems: [] };
      const { traces, problems } = await attempt(tenant, row, asker);
      await settle(tenant, pk, traces);
      const status = traces.status === 'successful' ? 'successful' : 'error';
      if (status === 'error') log.warn({ tenant, instance: pk, problems }, 'a blueprint could not be applied');
      return { status, problems };
    },

    async runTogether(tenant, names) {
      const outcome = await apply(tenant, parseBlueprint(wanting(names), limits), {});
      if (outcome.status === 'error') log.warn({ tenant, problems: problemsOf(outcome) }, 'blueprints part ways');
      if (outcome.status === 'error') return false;
      await db.write({ tenant }, async (em) => {
        const hashes = new Map((outcome.first ?? []).map(({ key, hash }) => [key, hash]));
        for (const row of await em.find(Instance, { pk: { $in: [...hashes.keys()] } })) {
          const lastAppliedHash = hashes.get(row.pk) ?? '';
          em.assign(row, { status: 'successful', lastAppliedHash, lastApplied: clock.now() });
        }
      });
      return true;
    },
  };
}

/** The text of a blueprint that wants others applied, and nothing else. JSON is YAML. */
function wanting(names: readonly string[]): string {
  const entries = names.map((name) => ({
    model: 'authentik_blueprints.metaapplyblueprint',
    attrs: { identifiers: { name }, required: false },
  }));
  return JSON.stringify({ version: 1, metadata: { name: 'What a tenant starts with' }, entries });
}

function metadataOf({ metadata }: Blueprint): JsonObject | undefined {
  return metadata && { name: metadata.name, labels: metadata.labels };
}
