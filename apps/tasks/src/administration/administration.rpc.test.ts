import { createEgress } from '@postern/egress';
import { createOutbox } from '@postern/messaging';
import { APPS, MODELS } from '@postern/models';
import { createLogger } from '@postern/observability';
import { tasks as api, directory, fieldRules, fieldShape, referenceFields } from '@postern/proto';
import {
  asService,
  bind,
  createClient,
  createRpcServer,
  createSealer,
  loadContract,
  noClient,
  type UserPrincipal,
} from '@postern/rpc';
import { aTenant, fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { createAdministration, VERSION_MIGRATIONS } from './index.ts';
import { storeLatestVersion } from './latest-version.repository.ts';
import { ownVersion } from './runtime.ts';

const sealer = createSealer(TEST_SECRET);
const log = createLogger({ level: 'silent' });
const clock = fakeClock();
const { tenant } = aTenant();
const capable: string[] = [];

const neighbour = createRpcServer({
  services: [
    bind(directory.HostServiceDefinition, {
      describeHost: async (_request, { context }) => ({ brand: `Brand ${context.client.host}` }),
    }),
  ],
  sealer,
  log,
});
const hosts = createClient(directory.HostServiceDefinition, neighbour.channel(), { sealer, service: 'tasks' });
const { db } = await testDatabase({ schema: 'tasks', entities: [], migrations: VERSION_MIGRATIONS });
const given = {
  db,
  outbox: createOutbox({ schema: 'tasks', clock }),
  settings: { readSettings: async () => directory.Settings.fromPartial({}) },
  egress: createEgress({ allow: [] }),
  hosts,
  clock,
  capabilities: () => capable,
  config: { environment: 'homelab', buildHash: 'abc' },
};
const { services = [] } = createAdministration(given);
const server = createRpcServer({ services, sealer, log });
const options = { sealer, service: 'directory' } as const;
const system = createClient(api.SystemServiceDefinition, server.channel(), options);
const versions = createClient(api.VersionServiceDefinition, server.channel(), options);
const names = createClient(api.AppModelServiceDefinition, server.channel(), options);

/** Calls as somebody with these permissions, from a browser. */
function as(permissions: string[], headers: Record<string, string> = {}) {
  const user = { pk: 7, uuid: tenant, username: 'ada', name: 'Ada', email: '', type: 'internal' } as const;
  const principal: UserPrincipal = { kind: 'user', tenant, user, superuser: false, permissions, via: 'api_token' };
  const client = {
    ...noClient(tenant, 'r'),
    host: 'id.example.com:9443',
    scheme: 'https',
    address: '192.0.2.7',
    method: 'POST',
    path: '/api/v3/admin/system/',
    query: 'token=abc&page=1',
  };
  return {
    context: { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(client), headers },
  };
}

const VIEW = ['authentik_rbac.view_system_info'];

describe('facts about the system', () => {
  it('are told to nobody without the permission', async () => {
    const refusal = { reason: 'PERMISSION_DENIED' };
    await expect(system.getSystemInfo({}, as(['authentik_core.view_user']))).rejects.toMatchObject(refusal);
    await expect(system.postSystemInfo({}, as([]))).rejects.toMatchObject(refusal);
    await expect(system.listCapabilities({}, as(VIEW))).rejects.toMatchObject(refusal);
  });

  it('say how the request arrived, for both verbs', async () => {
    const headers = { host: 'id.example.com:9443', 'content-type': 'application/json', 'x-forwarded-for': '10.0.0.1' };
    const expected = {
      http_host: 'id.example.com:9443',
      http_is_secure: true,
      brand: 'Brand id.example.com:9443',
      server_time: clock.now().toISOString(),
      embedded_outpost_host: '',
      http_headers: {
        HTTP_HOST: 'id.example.com:9443',
        HTTP_X_FORWARDED_FOR: '10.0.0.1',
        CONTENT_TYPE: 'application/json',
        REQUEST_METHOD: 'POST',
        PATH_INFO: '/api/v3/admin/system/',
        REMOTE_ADDR: '192.0.2.7',
        SERVER_NAME: 'id.example.com',
        SERVER_PORT: '9443',
        'wsgi.url_scheme': 'https',
      },
    };
    expect(await system.getSystemInfo({}, as(VIEW, headers))).toMatchObject(expected);
    expect(await system.postSystemInfo({}, as(VIEW, headers))).toMatchObject(expected);
  });

  it('show no secret of the address', async () => {
    const { http_headers } = await system.getSystemInfo({}, as(VIEW));
    expect(http_headers.QUERY_STRING).not.toContain('abc');
  });

  it('are those of this very process', async () => {
    const { runtime } = await system.getSystemInfo({}, as(VIEW));
    expect(runtime).toMatchObject({
      python_version: process.versions.node,
      gunicorn_version: ownVersion(),
      environment: 'homelab',
      platform: expect.stringContaining(process.platform === 'linux' ? 'Linux' : ''),
    });
    expect(ownVersion()).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('tell the other services what this one can do at the moment', async () => {
    expect(await system.listCapabilities({}, asService(tenant))).toEqual({ capabilities: [] });
    capable.push('can_geo_ip');
    expect(await system.listCapabilities({}, asService(tenant))).toEqual({ capabilities: ['can_geo_ip'] });
  });
});

describe('the version', () => {
  it('is that of the public contract, and never outdated while nobody looks for a later one', async () => {
    expect(await versions.getVersion({}, as([]))).toEqual({
      version_current: '2023.10.4',
      version_latest: '0.0.0',
      build_hash: 'abc',
      outdated: false,
    });
  });

  it('is outdated when a later one was heard of, where somebody is asked', async () => {
    const config = { ...given.config, versionCheckUrl: 'https://versions.example.com/' };
    const asking = createRpcServer({
      services: createAdministration({ ...given, config }).services ?? [],
      sealer,
      log,
    });
    const { getVersion } = createClient(api.VersionServiceDefinition, asking.channel(), options);
    expect(await getVersion({}, as([]))).toMatchObject({ version_latest: '2023.10.4', outdated: false });
    await storeLatestVersion(db, ownVersion());
    expect(await getVersion({}, as([]))).toMatchObject({ version_latest: ownVersion(), outdated: false });
    await storeLatestVersion(db, '999.0.0');
    expect(await getVersion({}, as([]))).toMatchObject({ version_latest: '999.0.0', outdated: true });
    expect(await versions.getVersion({}, as([]))).toMatchObject({ version_latest: '0.0.0', outdated: false });
  });

  it('is told to nobody who is not signed in', async () => {
    const nobody = { principal: sealer.sealPrincipal({ kind: 'anonymous', tenant }) };
    await expect(versions.getVersion({}, { context: nobody })).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });
});

describe('the names of the contract', () => {
  it('list its apps by name', async () => {
    const { items } = await names.listApps({}, as([]));
    expect(items).toHaveLength(50);
    expect(items.map(({ name }) => name)).toEqual(items.map(({ name }) => name).sort());
    expect(items).toContainEqual({ name: 'authentik.core', label: 'authentik Core' });
  });

  it('list its models in the order of their registry', async () => {
    const { items } = await names.listModels({}, as([]));
    expect(items).toHaveLength(76);
    expect(new Set(items.map(({ name }) => name)).size).toBe(76);
    expect([items.at(0)?.name, items.at(-1)?.name]).toEqual([
      'authentik_tenants.tenant',
      'authentik_enterprise.license',
    ]);
    expect(items).toContainEqual({ name: 'authentik_core.user', label: 'User' });
  });

  it.each([
    ['AppEnum', APPS],
    ['ModelEnum', MODELS],
  ])('are those of %s, in its order, wherever a proto lets clients choose', (choice, known) => {
    const { registry } = loadContract();
    const fields = [...registry].flatMap((one) => (one.kind === 'message' ? one.fields : []));
    const choices = fields.filter((field) => fieldShape(registry, field).enum_name === choice);
    for (const field of choices) {
      const values = fieldRules(registry, field)?.string?.in.filter((value) => value !== '');
      expect(values).toEqual(known.map(({ name }) => name));
    }
  });

  it('know every model that a proto refers to, families of models aside', async () => {
    const families = new Set(['authentik_core.provider', 'authentik_core.source', 'authentik_core.propertymapping']);
    for (const family of [
      'authentik_flows.stage',
      'authentik_policies.policy',
      'authentik_policies.policybindingmodel',
    ])
      families.add(family);
    const known = new Set((await names.listModels({}, as([]))).items.map(({ name }) => name));
    const named = referenceFields(loadContract().registry).map(({ reference }) => reference.model);
    expect(named.filter((model) => !known.has(model) && !families.has(model))).toEqual([]);
  });
});
