/**
 * Instances of blueprints: which ones a tenant has, where their text is, when they were applied and how that went. They are applied when somebody asks, and
 * when their file changes; files of the folder become instances of every tenant by themselves.
 */

import { DEFAULT_TENANT } from '@postern/database';
import { createJobs, job } from '@postern/jobs';
import type { Logger } from '@postern/observability';
import type { ResourceDeps } from '@postern/resource';
import type { AppParts } from '@postern/service';
import type { Limits } from '../format/index.ts';
import type { Catalog, Folder, Sources } from '../sources/index.ts';
import type { ApplyPort } from './application.port.ts';
import { applyJob } from './apply.job.ts';
import { createApplyOnRequest } from './apply.on-request.ts';
import { discoveryJob } from './discovery.job.ts';
import { createDiscovery } from './discovery.ts';
import { createFolderWatcher } from './folder.watcher.ts';
import { createInstanceApplication } from './instance.application.ts';
import { createChecks } from './instance.checks.ts';
import { discoverBlueprints, provisionTenant } from './instance.orders.ts';
import { bindInstances } from './instance.rpc.ts';
import { stateOf } from './instance.standing.ts';
import { provisionJob } from './provision.job.ts';
import { createProvisioning } from './provisioning.ts';

export {
  type ApplicationLog,
  type ApplicationOutcome,
  type ApplyPort,
  describeLog,
} from './application.port.ts';
export { Instance, type InstanceEntity, type InstanceStatus } from './instance.entity.ts';
export { instanceErrors } from './instance.errors.ts';
export { INSTANCE_MIGRATIONS } from './instance.migrations.ts';
export { referableInstances } from './instance.resource.ts';
export {
  createKnownInstances,
  type FoundInstance,
  type KnownInstancesDeps,
} from './known.instances.ts';

/** What instances need. */
export type InstancesDeps = ResourceDeps & {
  readonly clock: { now(): Date };
  readonly log: Logger;
  readonly apply: ApplyPort;
  readonly limits: Limits;
  readonly sources: Sources;
  readonly catalog: Catalog;
  readonly folder: Folder;
  /** Where the folder is, to be watched. */
  readonly root: string | undefined;
  /** What tells this installation apart from others. */
  readonly installation: string;
  /** Whether every service that keeps objects answers already when this one starts. */
  readonly isTogether: boolean;
};

/** Builds them: their RPCs, their jobs, and what watches the folder. */
export function createInstances(deps: InstancesDeps): AppParts {
  const { db, outbox, catalog, apply, limits, root, log, installation, isTogether } = deps;
  const jobs = createJobs({ outbox });
  const application = createInstanceApplication(deps);
  const discovery = createDiscovery({ ...deps, jobs });
  const provision = createProvisioning({ discovery, application, log });

  /** Looks at the folder, once for everybody; a look that waits already is enough. */
  async function look(reason: string): Promise<void> {
    const order = job(discoverBlueprints, {}, { uniqueKey: reason });
    await db.system((em) => jobs.enqueue(em, {}, order));
  }

  let hasStarted = false;
  const watcher = createFolderWatcher({ root, log, changed: async () => look(await changed(catalog)) });
  return {
    services: [
      bindInstances({
        ...deps,
        checks: createChecks({ catalog, apply, limits }),
        apply: createApplyOnRequest({ db, jobs, application, log }),
      }),
    ],
    jobs: [
      applyJob({ application }),
      discoveryJob({ discovery, installation }),
      provisionJob({ discovery, provision }),
    ],
    async seed(tenant, em) {
      // Tenants that are there when the process starts are looked at together, once it has.
      if (!hasStarted) return;
      await jobs.enqueue(em, { tenant }, job(provisionTenant, {}, { uniqueKey: 'new tenant' }));
    },
    async start() {
      hasStarted = true;
      await watcher.start();
      // Nobody is served before the objects are there that every tenant starts with. What is not done by then is left to the jobs.
      if (isTogether) await provision(DEFAULT_TENANT);
      await look('start');
    },
    async stop() {
      watcher.stop();
    },
  };
}

/** A key for the state of the folder: each is looked at once, even when the next one comes while somebody looks. */
async function changed(catalog: Catalog): Promise<string> {
  return `changed ${stateOf(await catalog.files())}`;
}
