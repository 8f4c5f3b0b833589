/**
 * What administrators read about the installation: how their request arrived and what answered it, which version of the API is served,
 * and the names of its apps and models. Nothing here is stored but the latest version that was heard of, where anybody is asked for it.
 * Whoever is deleted is forgotten here, too, where the tenant's settings ask for it.
 */

import type { Database } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import type { AppParts } from '@postern/service';
import { bindAppModels } from './app-model.rpc.ts';
import { whenUserDeleted } from './forget-user.consumer.ts';
import { forgetUserJob } from './forget-user.job.ts';
import { createLatestVersionJob, type LatestVersionDeps } from './latest-version.job.ts';
import { findLatestVersion } from './latest-version.repository.ts';
import { describeRuntime, ownVersion } from './runtime.ts';
import { bindSystem, type SystemDeps } from './system.rpc.ts';
import { createWantsForgetting } from './tenant-settings.client.ts';
import { bindVersion } from './version.rpc.ts';

export { ADMINISTRATION_SETTINGS } from './administration.settings.ts';
export { VERSION_MIGRATIONS } from './latest-version.repository.ts';

/** What the administration needs. */
export type AdministrationDeps = Omit<SystemDeps, 'runtime'> & {
  readonly db: Pick<Database, 'system' | 'write'>;
  readonly outbox: Outbox;
  readonly egress: LatestVersionDeps['egress'];
  readonly settings: Parameters<typeof createWantsForgetting>[0];
  readonly config: {
    readonly environment?: string | undefined;
    readonly buildHash: string;
    readonly versionCheckUrl?: string | undefined;
  };
};

/** Builds it. */
export function createAdministration(deps: AdministrationDeps): AppParts {
  const { db, outbox, egress, settings, config, ...system } = deps;
  const { buildHash, environment, versionCheckUrl: address } = config;
  const version = {
    buildHash,
    own: ownVersion(),
    isChecked: address !== undefined,
    findLatest: () => findLatestVersion(db),
  };
  return {
    services: [bindSystem({ ...system, runtime: describeRuntime(environment) }), bindVersion(version), bindAppModels()],
    consumers: [whenUserDeleted({ outbox, clock: system.clock })],
    jobs: [
      createLatestVersionJob({ db, egress, address }),
      forgetUserJob({ db, wantsForgetting: createWantsForgetting(settings) }),
    ],
  };
}
