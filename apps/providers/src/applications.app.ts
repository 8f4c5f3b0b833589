import { auth, providers, tasks } from '@postern/proto';
import type { BoundService, Client, Contract, ServiceDefinition, ServiceName } from '@postern/rpc';
import {
  type ApplicationDeps,
  createApplicationDirectoryRpc,
  createApplicationLaunchRpc,
  createApplicationRpc,
  createApplicationWithProviderRpc,
} from './applications/index.ts';
import { createProviderMakers } from './providers/index.ts';

export type ApplicationServicesDeps = Omit<ApplicationDeps, 'series'> & {
  readonly contract: Pick<Contract, 'registry'>;
  client<Definition extends ServiceDefinition>(definition: Definition, app?: ServiceName): Client<Definition>;
};

/** Everything that applications serve. */
export function createApplicationServices({ contract, client, ...deps }: ApplicationServicesDeps): BoundService[] {
  const { db } = deps;
  const makers = createProviderMakers({
    oauth2: client(providers.OAuth2ProviderServiceDefinition),
    scim: client(providers.SCIMProviderServiceDefinition),
  });
  const applications = client(providers.ApplicationServiceDefinition);
  return [
    createApplicationRpc({ ...deps, series: client(tasks.EventSeriesServiceDefinition) }),
    createApplicationWithProviderRpc({ db, contract, makers, applications }),
    createApplicationDirectoryRpc({ db }),
    createApplicationLaunchRpc({ db, flows: client(auth.FlowServiceDefinition) }),
  ];
}
