import { auth, directory, tasks } from '@postern/proto';
import type { StoringDeps } from '@postern/service';

/** Creates the clients of those whom programs of mappings, and whoever keeps them, ask. */
export function createMappingNeighbours(client: StoringDeps<object>['client']) {
  return {
    users: client(directory.UserServiceDefinition),
    userDirectory: client(directory.UserDirectoryServiceDefinition),
    groupDirectory: client(directory.GroupDirectoryServiceDefinition),
    devices: client(auth.DeviceServiceDefinition),
    policies: client(auth.PolicyServiceDefinition),
    webhooks: client(tasks.NotificationWebhookMappingServiceDefinition),
  };
}
