import { auth, directory, tasks } from '@postern/proto';
import type { Client } from '@postern/rpc';
import type { StoringDeps } from '@postern/service';

/** Those whom programs of mappings, and whoever keeps them, ask. */
export type MappingNeighbours = {
  readonly users: Client<directory.UserServiceDefinition>;
  readonly userDirectory: Client<directory.UserDirectoryServiceDefinition>;
  readonly groupDirectory: Client<directory.GroupDirectoryServiceDefinition>;
  readonly devices: Client<auth.DeviceServiceDefinition>;
  readonly policies: Client<auth.PolicyServiceDefinition>;
  readonly webhooks: Client<tasks.NotificationWebhookMappingServiceDefinition>;
};

/** Creates their clients. */
export function createMappingNeighbours(client: StoringDeps<object>['client']): MappingNeighbours {
  return {
    users: client(directory.UserServiceDefinition),
    userDirectory: client(directory.UserDirectoryServiceDefinition),
    groupDirectory: client(directory.GroupDirectoryServiceDefinition),
    devices: client(auth.DeviceServiceDefinition),
    policies: client(auth.PolicyServiceDefinition),
    webhooks: client(tasks.NotificationWebhookMappingServiceDefinition),
  };
}
