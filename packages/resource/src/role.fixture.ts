/** A plain resource as an app writes one, served in memory, for the tests of this package. */

import {
  createReferences,
  defineEntity,
  defineList,
  enableTenancy,
  exact,
  type InferEntity,
  p,
  referable,
  TENANT_COLUMNS,
  tenantTable,
} from '@postern/database';
import { invalidField } from '@postern/errors';
import { createOutbox, messagingTables } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { directory, referenceFields, references } from '@postern/proto';
import {
  bind,
  createClient,
  createRpcServer,
  createSealer,
  loadContract,
  noClient,
  type UserPrincipal,
} from '@postern/rpc';
import { TEST_SECRET, testDatabase } from '@postern/testkit';
import { bindReferences, createNeighbours, type ReferenceClient, type Resource, standardMethods } from './index.ts';

const Role = defineEntity({ name: 'Role', tableName: 'role', properties: { ...tenantTable(), name: p.string() } });

type RoleRow = InferEntity<typeof Role>;

/** The resource: all that an app says about it. */
export const roles: Resource<RoleRow, directory.Role> = {
  model: 'authentik_rbac.role',
  type: 'postern.directory.v1.Role',
  subject: 'directory.v1.role',
  entity: Role,
  list: defineList({
    entity: Role,
    filters: { name: exact('name') },
    search: ['name'],
    ordering: { name: 'name' },
    defaultOrder: ['name'],
  }),
  fields: { name: 'name' },
  title: ({ name }) => name,
  encode: (rows) => rows.map(({ pk, name }) => ({ pk, name })),
  constraints: { role__name_key: () => invalidField('name', 'Role with this name already exists.', 'ROLE_NAME_TAKEN') },
};

const migration = {
  name: 'roles/0001',
  up: [
    ...messagingTables('directory'),
    `create table role (${TENANT_COLUMNS}, name varchar(150) not null, constraint role__name_key unique (tenant_id, name))`,
    ...enableTenancy('role'),
  ],
};

/** Serves roles on a database of the test's own. */
export async function servedRoles() {
  const { db, sql } = await testDatabase({ schema: 'directory', entities: [Role], migrations: [migration] });
  const contract = loadContract();
  const sealer = createSealer(TEST_SECRET);
  const local = createReferences({ models: [referable(roles)], fields: referenceFields(contract.registry) });
  const nowhere: ReferenceClient = {
    exists: async () => ({ keys: [] }),
    describe: async () => ({ names: {} }),
    usedBy: async () => ({ items: [] }),
  };
  const neighbours = createNeighbours({ contract, clientOf: (app) => (app === 'directory' ? own : nowhere) });
  const methods = standardMethods({ db, outbox: createOutbox({ schema: 'directory' }), neighbours }, roles);
  const service = bind(directory.RoleServiceDefinition, {
    listRoles: methods.list,
    createRole: ({ role }, call) => methods.create(role, call),
    getRole: ({ uuid }, call) => methods.get(uuid, call),
    updateRole: ({ uuid, role, update_mask }, call) => methods.update(uuid, role, update_mask, call),
    deleteRole: ({ uuid }, call) => methods.remove(uuid, call),
    listRoleUsedBy: ({ uuid }, call) => methods.usedBy(uuid, call),
  });
  const services = [service, bindReferences({ db, local })];
  const server = createRpcServer({ services, sealer, contract, log: createLogger({ level: 'silent' }) });
  const deps = { sealer, service: 'directory' } as const;
  const own = createClient(references.ReferenceServiceDefinition, server.channel(), deps);
  const client = createClient(directory.RoleServiceDefinition, server.channel(), deps);

  /** Calls as a superuser of a tenant. */
  const as = (tenant: string) => ({
    context: {
      principal: sealer.sealPrincipal({ ...SUPERUSER, tenant }),
      client: sealer.sealClient(noClient(tenant, 'request')),
    },
  });
  return { client, as, sql, neighbours };
}

const SUPERUSER: Omit<UserPrincipal, 'tenant'> = {
  kind: 'user',
  user: {
    pk: 1,
    uuid: '0197c0de-0000-7000-8000-00000000000a',
    username: 'ada',
    name: 'Ada',
    email: '',
    type: 'internal',
  },
  superuser: true,
  permissions: [],
  via: 'api_token',
};
