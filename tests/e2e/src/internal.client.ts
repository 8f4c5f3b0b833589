import { auth, directory, references, tasks } from '@postern/proto';
import { asService, createClient, createSealer, grpcChannel } from '@postern/rpc';
import { type Roles, TEST_SECRET } from '@postern/testkit';

const KEEPERS = ['directory', 'auth', 'providers', 'tasks'] as const;

/** What services ask one another, as one of them asks on behalf of a tenant. `close` ends the connections. */
export function internalClients(roles: Roles, tenant: string) {
  const link = { sealer: createSealer(TEST_SECRET), service: 'gateway' } as const;
  const channels = new Map(KEEPERS.map((app) => [app, grpcChannel(roles.address(app))]));
  const channelTo = (app: (typeof KEEPERS)[number]) => channels.get(app) ?? grpcChannel(roles.address(app));
  return {
    origin: asService(tenant),
    references: KEEPERS.map((app) => createClient(references.ReferenceServiceDefinition, channelTo(app), link)),
    people: createClient(directory.UserDirectoryServiceDefinition, channelTo('directory'), link),
    principals: createClient(auth.PrincipalServiceDefinition, channelTo('auth'), link),
    flows: createClient(auth.FlowServiceDefinition, channelTo('auth'), link),
    series: createClient(tasks.EventSeriesServiceDefinition, channelTo('tasks'), link),
    close: () => {
      for (const channel of channels.values()) channel.close();
    },
  };
}
