import { randomUUID } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import { type ConfigOf, defineConfig } from '@postern/config';
import type { Egress } from '@postern/egress';
import { createJobs } from '@postern/jobs';
import { KEEPERS, type ResourceDeps } from '@postern/resource';
import type { AppParts, StoringDeps } from '@postern/service';
import { joinParts } from '../feature.ts';
import { APPLY_MIGRATIONS, type ApplyBlueprint, createBlueprintApply } from './apply/index.ts';
import { createDriftParts } from './drift/index.ts';
import { createConfiguration } from './export/index.ts';
import { DEFAULT_LIMITS, type Limits } from './format/index.ts';
import * as instances from './instances/index.ts';
import * as sources from './sources/index.ts';

const SETTINGS = defineConfig(sources.BLUEPRINT_SETTINGS);

/** What blueprints declare. */
export const BLUEPRINTS = {
  entities: [instances.Instance],
  migrations: [...instances.INSTANCE_MIGRATIONS, ...APPLY_MIGRATIONS],
  models: [instances.referableInstances],
  errors: [instances.instanceErrors],
  settings: { blueprints: SETTINGS },
} as const;

/** What blueprints need. */
export type BlueprintsDeps = ResourceDeps &
  Pick<StoringDeps<unknown>, 'client' | 'clock' | 'contract' | 'hosts' | 'log' | 'secrets'> & {
    readonly config: { readonly blueprints: ConfigOf<typeof SETTINGS> };
    readonly egress: Pick<Egress, 'call'>;
  };

/** Blueprints, and the way to apply others. */
export type Blueprints = AppParts & { readonly applyBlueprint: ApplyBlueprint; readonly limits: Limits };

/** Builds them. */
export function createBlueprints(given: BlueprintsDeps): Blueprints {
  const { client, contract, secrets, egress, config, hosts, ...deps } = given;
  const { db, outbox, clock, log } = deps;
  const { maxSize: maxBytes, dir, filesDir } = config.blueprints;
  const limits = { ...DEFAULT_LIMITS, bytes: maxBytes };
  const root = dir === undefined ? sources.INSTALLED_BLUEPRINTS : absolute(dir);
  const folder = sources.createFolder({ root, maxBytes, refusal: 'Invalid blueprint path' });
  const text = sources.createSources({ folder, oci: sources.createOciClient({ egress, maxBytes }) });
  const files = sources.createFolder({
    root: filesDir === undefined ? undefined : absolute(filesDir),
    maxBytes,
    refusal: 'File: the path leads out of the folder for files',
  });
  const engine = createBlueprintApply({
    db,
    client,
    registry: contract.registry,
    jobs: createJobs({ outbox }),
    secrets,
    clock,
    ids: randomUUID,
    log,
    findInstance: instances.createKnownInstances({ db, sources: text, limits }),
    surroundings: sources.createSurroundings({ files }),
    limits,
  });
  const { applyBlueprint } = engine;
  const drift = createDriftParts({ db, outbox, sources: text, applyBlueprint, limits });
  const { lookForDrift } = drift;
  const { registry } = contract;
  const configuration = createConfiguration({ db, outbox, client, registry, applyBlueprint, limits, lookForDrift });
  const kept = instances.createInstances({
    ...deps,
    apply: engine.applyBlueprint,
    limits,
    sources: text,
    catalog: sources.createCatalog(folder),
    folder,
    root,
    installation: secrets[0] ?? '',
    isTogether: KEEPERS.every(hosts),
  });
  return { ...joinParts([engine, kept, drift, configuration]), applyBlueprint, limits };
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}
