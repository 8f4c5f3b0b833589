import { directory } from '@postern/proto';
import { type BoundService, type Client, createClient, createRpcServer, type RpcServerDeps } from '@postern/rpc';

/** The operations that rows go through: those of the API, with their rules of access and of values. */
export type LocalApi = {
  readonly users: Pick<Client<directory.UserServiceDefinition>, 'createUser' | 'updateUser'>;
  readonly groups: Pick<Client<directory.GroupServiceDefinition>, 'createGroup' | 'updateGroup'>;
  readonly roles: Pick<Client<directory.RoleServiceDefinition>, 'createRole'>;
  readonly permissions: Pick<
    Client<directory.PermissionAssignmentServiceDefinition>,
    'assignRolePermissions' | 'unassignRolePermissions'
  >;
};

/** What the operations are served with. */
export type LocalApiDeps = Omit<RpcServerDeps, 'services'> & { readonly services: readonly BoundService[] };

/** Serves the operations to this process alone. */
export function createLocalApi(deps: LocalApiDeps): LocalApi {
  const channel = createRpcServer(deps).channel();
  const link = { sealer: deps.sealer, service: 'directory' } as const;
  return {
    users: createClient(directory.UserServiceDefinition, channel, link),
    groups: createClient(directory.GroupServiceDefinition, channel, link),
    roles: createClient(directory.RoleServiceDefinition, channel, link),
    permissions: createClient(directory.PermissionAssignmentServiceDefinition, channel, link),
  };
}
