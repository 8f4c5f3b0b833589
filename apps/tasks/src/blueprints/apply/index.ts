/**
 * Applying blueprints, all or nothing: entries become calls of the services' own operations inside one change set, which commits when all of them succeeded. What is
 * there already is left alone, so that applying again changes nothing; a dry run does everything and takes it back.
 */

import type { FileRegistry } from '@bufbuild/protobuf';
import type { Database } from '@postern/database';
import type { Jobs } from '@postern/jobs';
import type { Logger } from '@postern/observability';
import type { AppParts } from '@postern/service';
import type { Limits } from '../format/index.ts';
import { createHiddenValues, createObjects, createPictures, readModels } from '../registry/index.ts';
import { type ApplicationDeps, createApplication } from './application.ts';
import { createAppliedValues } from './applied-values.repository.ts';
import { bindApplier } from './applier.rpc.ts';
import { type ApplyBlueprint, createApplyOperations } from './apply.operations.ts';
import type { ChangeSetDeps } from './change-set.client.ts';
import { createEntryApplier } from './entry.applier.ts';
import { createExtraFields } from './extra-fields.client.ts';
import { createFinder } from './finder.ts';
import { finishJob } from './finish.job.ts';
import { createJournal } from './journal.repository.ts';
import { createPictureFields } from './picture-fields.ts';
import { createSignInGuard } from './sign-in-guard.client.ts';
import { createTenantLock } from './tenant-lock.ts';
import { createVouching } from './vouching.client.ts';

export type { KnownInstance } from './application.ts';
export { encodeChange } from './applier.rpc.ts';
export { APPLY_MIGRATIONS } from './apply.migrations.ts';
export type { ApplyBlueprint, ApplyOptions } from './apply.operations.ts';
export type { Asker } from './change-set.client.ts';
export type { BlueprintLog, Change, ChangeAction, FieldChange, Outcome } from './outcome.ts';

/** What applying blueprints is built from. */
export type BlueprintApplyDeps = {
  readonly db: Database;
  readonly client: ChangeSetDeps['client'];
  readonly registry: FileRegistry;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  /** The installation's secrets: the first signs, all verify. */
  readonly secrets: readonly string[];
  readonly clock: { now(): Date };
  readonly ids: () => string;
  readonly log: Logger;
  readonly findInstance: ApplicationDeps['findInstance'];
  readonly surroundings: ApplicationDeps['surroundings'];
  readonly limits: Limits;
};

/** Builds the applier of blueprints, and the job that finishes what a stopped process has left half applied. */
export function createBlueprintApply(deps: BlueprintApplyDeps): AppParts & { applyBlueprint: ApplyBlueprint } {
  const { db, client, registry, jobs, secrets, clock, ids, log, findInstance, surroundings, limits } = deps;
  const models = readModels(registry);
  const objects = createObjects({ registry, client });
  const finder = createFinder({ models, objects });
  const applyEntry = createEntryApplier({
    models,
    objects,
    hidden: createHiddenValues({ client }),
    finder,
    vouching: createVouching({ client }),
    extras: [
      ...createExtraFields({ client }),
      ...createPictureFields({ models, pictures: createPictures({ client }) }),
    ],
    applied: createAppliedValues({ db, secrets }),
  });
  const { applyBlueprint, finish } = createApplyOperations({
    changeSets: { client, own: 'tasks' },
    lock: createTenantLock({ db }),
    journal: createJournal({ db, jobs, clock }),
    apply: createApplication({ models, finder, applyEntry, findInstance, surroundings }),
    guard: createSignInGuard({ client }),
    ids,
    log,
  });
  return { applyBlueprint, services: [bindApplier({ applyBlueprint, limits })], jobs: [finishJob(finish)] };
}
