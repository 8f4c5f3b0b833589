import { auth, providers, tasks } from '@postern/proto';
import type { BoundService, Client, Contract, ServiceDefinition, ServiceName } from '@postern/rpc';
import { createProviderMakers } from '../providers/index.ts';
import { type ApplicationDeps, createApplicationRpc } from './application.rpc.ts';
import { createApplicationDirectoryRpc } from './application-directory.rpc.ts';
import { createApplicationLaunchRpc } from './application-launch.rpc.ts';
import { createApplicationWithProviderRpc } from './application-with-provider.rpc.ts';

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
