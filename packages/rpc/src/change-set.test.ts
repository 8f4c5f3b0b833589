import { createLogger } from '@postern/observability';
import { conformance } from '@postern/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aClient,
  aUser,
  echoService,
  from,
  OTHER_TENANT,
  type Suite,
  sealer,
  startSuite,
  TENANT,
  type Transport,
} from './conformance.fixture.ts';
import {
  asService,
  type Call,
  type ChangeSet,
  createClient,
  createRpcServer,
  grpcChannel,
  inChangeSet,
  isVouched,
  type Principal,
  vouchOf,
} from './index.ts';

const definition = conformance.EchoServiceDefinition;
const changeSet: ChangeSet = {
  id: 'set-1',
  tenant: TENANT,
  vouched: [vouchOf('authentik_core.user', 7), vouchOf('authentik_flows.flow', 'ABC')],
  actor: aUser(),
};

describe.each<Transport>(['memory', 'grpc'])('over %s, a call that is part of a change set', (transport) => {
  let suite: Suite;
  let seen: Call | undefined;
  beforeAll(async () => {
    suite = await startSuite(transport);
    suite.handlers.echo = async (request, call) => {
      seen = call;
      return request;
    };
  });
  afterAll(() => suite.stop());

  /** Sends what no client of ours would. */
  const send = (principal: Principal, token: string) => {
    const metadata = new Map([
      ['postern-principal', [sealer.sealPrincipal(principal)]],
      ['postern-change-set', [token]],
    ]);
    const path = '/postern.conformance.v1.EchoService/Public';
    return suite.channel.unary(path, Buffer.alloc(0), { metadata, deadline: Date.now() + 5_000 });
  };

  it('is refused when somebody other than a service makes it', async () => {
    const reply = await send(aUser({ superuser: true }), sealer.sealChangeSet(changeSet));
    expect(reply.code).toBe(7);
    expect((await send({ kind: 'anonymous', tenant: TENANT }, sealer.sealChangeSet(changeSet))).code).toBe(7);
  });

  it('is refused when the change set is made up, or of another tenant', async () => {
    const tasks = { kind: 'service', tenant: TENANT, name: 'tasks' } as const;
    expect((await send(tasks, sealer.sealClient(aClient()).replace('c1', 's1'))).code).toBe(16);
    expect((await send({ ...tasks, tenant: OTHER_TENANT }, sealer.sealChangeSet(changeSet))).code).toBe(16);
    expect((await send(tasks, sealer.sealChangeSet(changeSet))).code).toBe(0);
  });

  it('tells the handler which one, what to take for there, and who wanted it', async () => {
    await suite.client.public({}, inChangeSet(changeSet));
    expect(seen?.context).toMatchObject({ tenant: TENANT, changeSet, principal: { kind: 'service', name: 'tasks' } });
    expect(isVouched(seen?.context.changeSet, 'authentik_flows.flow', 'abc')).toBe(true);
    expect(isVouched(seen?.context.changeSet, 'authentik_core.group', '7')).toBe(false);
  });

  it('hands the change set on in calls of the service to itself, and in no other', async () => {
    await suite.client.public({}, inChangeSet(changeSet));
    const outer = seen;
    if (!outer) throw new Error('nobody called');
    const itself = createClient(definition, suite.channel, { sealer, service: 'tasks', joinsChangeSets: true });
    for (const origin of [asService(TENANT, outer), { call: outer }]) {
      await itself.public({}, origin);
      expect(seen?.context.changeSet).toEqual(changeSet);
      await suite.client.public({}, origin);
      expect(seen?.context.changeSet).toBeUndefined();
    }
    await itself.public({}, asService(OTHER_TENANT, outer));
    expect(seen?.context.changeSet).toBeUndefined();
    await itself.public({}, from(aUser()));
    expect(seen?.context.changeSet).toBeUndefined();
  });
});

it('sends all calls of a change set to one of several replicas', async () => {
  const calls = [0, 0];
  const log = createLogger({ level: 'silent' });
  const servers = calls.map((_, index) => {
    const echo = async (request: conformance.Echo) => {
      calls[index] = (calls[index] ?? 0) + 1;
      return request;
    };
    return createRpcServer({ services: [echoService({ echo })], sealer, log });
  });
  const ports = await Promise.all(servers.map((server) => server.listen('127.0.0.1:0')));
  const channel = grpcChannel(`${ports.map((port) => `127.0.0.1:${port}`).join(',')}`);
  const client = createClient(definition, channel, { sealer, service: 'tasks' });
  for (let count = 0; count < 6; count++) await client.public({}, inChangeSet(changeSet));
  expect([...calls].sort()).toEqual([0, 6]);
  channel.close();
  await Promise.all(servers.map((server) => server.close(1_000)));
});
