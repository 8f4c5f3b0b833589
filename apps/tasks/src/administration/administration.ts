import type { AppParts } from '@postern/service';
import { bindAppModels } from './app-model.rpc.ts';
import { describeRuntime } from './runtime.ts';
import { bindSystem, type SystemDeps } from './system.rpc.ts';
import { bindVersion } from './version.rpc.ts';

/** What the administration needs. */
export type AdministrationDeps = Omit<SystemDeps, 'runtime'> & {
  readonly config: { readonly environment?: string | undefined; readonly buildHash: string };
};

/** Builds it. */
export function createAdministration({ config, ...system }: AdministrationDeps): AppParts {
  const runtime = describeRuntime(config.environment);
  return { services: [bindSystem({ ...system, runtime }), bindVersion(config), bindAppModels()] };
}
