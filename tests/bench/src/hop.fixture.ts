import { randomUUID } from 'node:crypto';
import { createLogger } from '@postern/observability';
import { directory } from '@postern/proto';
import { bind, createRpcServer, createSealer, noClient, type OutgoingContext, type RpcServer } from '@postern/rpc';

/** Secret that both ends of a hop share. */
export const sealer = createSealer('the secret key of the benchmark');

const TENANT = '0198a6f0-0000-7000-8000-000000000001';

// One RPC is enough, and a service must implement all that its definition has.
export const DEFINITION = {
  ...directory.UserServiceDefinition,
  methods: { getUser: directory.UserServiceDefinition.methods.getUser },
};

const group = (index: number) => ({
  pk: randomUUID(),
  num_pk: index,
  name: `Group ${index}`,
  is_superuser: false,
  attributes: { cost_centre: index },
});

/** The answer of the hop: a user with three groups, as the API shows one. */
export const USER = directory.User.fromPartial({
  pk: 7,
  uuid: randomUUID(),
  username: 'ada',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  is_active: true,
  type: 'internal',
  path: 'users',
  uid: 'f'.repeat(64),
  avatar: '/static/images/user_default.png',
  attributes: { locale: 'en', phone: '+44 20 7946 0000' },
  groups_obj: [1, 2, 3].map(group),
});

/** Serves the one RPC; the handler itself costs nothing. */
export function createHopServer(): RpcServer {
  const services = [bind(DEFINITION, { getUser: async () => USER })];
  return createRpcServer({ services, sealer, log: createLogger({ level: 'silent' }) });
}

/** The tokens that travel with every call of the gateway on behalf of a person. */
export function aCaller(): OutgoingContext {
  const user = { pk: 7, uuid: USER.uuid, username: 'ada', name: '', email: '', type: 'internal' as const };
  const permissions = ['authentik_core.view_user', 'authentik_core.view_group'];
  const principal = {
    kind: 'user' as const,
    tenant: TENANT,
    user,
    superuser: false,
    permissions,
    via: 'session' as const,
  };
  const client = {
    ...noClient(TENANT, randomUUID()),
    address: '192.0.2.1',
    userAgent: 'Bench',
    host: 'sso.example.com',
  };
  return { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(client) };
}
