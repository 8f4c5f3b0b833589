import type { Database } from '@postern/database';
import type { AppParts } from '@postern/service';
import { bindAppModels } from './app-model.rpc.ts';
import { type ForgetUserDeps, forgetUserJob, whenUserDeleted } from './forget-user.ts';
import { createLatestVersionJob, type LatestVersionDeps } from './latest-version.job.ts';
import { findLatestVersion } from './latest-version.repository.ts';
import { describeRuntime, ownVersion } from './runtime.ts';
import { bindSystem, type SystemDeps } from './system.rpc.ts';
import { bindVersion } from './version.rpc.ts';

/** What the administration needs. */
export type AdministrationDeps = Omit<SystemDeps, 'runtime'> &
  Omit<LatestVersionDeps, 'address' | 'db'> &
  Omit<ForgetUserDeps, 'db'> & {
    readonly db: Pick<Database, 'system' | 'write'>;
    readonly config: {
      readonly environment?: string | undefined;
      readonly buildHash: string;
      readonly versionCheckUrl?: string | undefined;
    };
  };

/** Builds it. */
export function createAdministration({
  config,
  db,
  egress,
  outbox,
  settings,
  ...system
}: AdministrationDeps): AppParts {
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
    jobs: [createLatestVersionJob({ db, egress, address }), forgetUserJob({ db, settings })],
  };
}
