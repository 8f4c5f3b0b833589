import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TENANT } from '@postern/database';
import { tasks } from '@postern/proto';
import { asService, createClient, createSealer, grpcChannel } from '@postern/rpc';
import { type Roles, TEST_SECRET } from '@postern/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, until } from './api.client.ts';
import { ADMIN_TOKEN, BOOTSTRAP, startFiveProcesses } from './platforms.ts';

/** Three services beside the one that applies it. They commit in this order: directory, auth, providers. */
const DOCUMENT = `
entries:
  - model: authentik_core.group
    identifiers: { name: half }
    attrs: { is_superuser: false }
  - model: authentik_flows.flow
    id: flow
    identifiers: { slug: half }
    attrs: { name: Half, title: Half, designation: authorization }
  - model: authentik_providers_oauth2.oauth2provider
    identifiers: { name: half }
    attrs: { authorization_flow: !KeyOf flow, redirect_uris: "https://app.example/cb" }
`;

/** Makes the commit of a flow take long enough to die meanwhile. */
const SLOW_COMMIT = `
  create function public.dawdle() returns trigger language plpgsql as
    $$ begin if new.slug = 'half' then perform pg_sleep(5); end if; return null; end $$;
  create constraint trigger dawdle after insert on auth.flow deferrable initially deferred
    for each row execute function public.dawdle();
`;

let folder: string;
let roles: Roles;
let database: pg.Client;
let api: Api;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-blueprints-'));
  roles = await startFiveProcesses({ env: { ...BOOTSTRAP, POSTERN_BLUEPRINTS__DIR: folder }, from: undefined });
  api = apiOf({ url: roles.url, token: ADMIN_TOKEN });
  database = new pg.Client({ connectionString: roles.databaseUrl });
  await database.connect();
  await database.query(SLOW_COMMIT);
});

afterAll(async () => {
  await database?.end();
  await roles?.stop();
  await rm(folder, { recursive: true, force: true });
});

const count = async (path: string): Promise<number> => {
  const { body } = await api.send('GET', path);
  return (body as { pagination: { count: number } }).pagination.count;
};

it('finishes a blueprint whose process died between the commits of two services', { timeout: 180_000 }, async () => {
  const channel = grpcChannel(roles.address('tasks'));
  const link = { sealer: createSealer(TEST_SECRET), service: 'gateway' } as const;
  const applier = createClient(tasks.BlueprintApplierServiceDefinition, channel, link);
  const applying = applier.applyDocument({ document: DOCUMENT }, asService(DEFAULT_TENANT), { deadlineMs: 60_000 });
  const lost = expect(applying).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  await until(
    () => count('/core/groups/?name=half'),
    (groups) => groups === 1,
  );
  await roles.role('tasks').kill();
  await lost;
  channel.close();
  await until(
    () => count('/flows/instances/?slug=half'),
    (flows) => flows === 1,
  );
  expect(await count('/providers/oauth2/?name=half')).toBe(0);

  await roles.role('tasks').start();
  await until(
    () => count('/providers/oauth2/?name=half'),
    (providers) => providers === 1,
    90_000,
  );
  const left = () => database.query('select count(*)::int as left from tasks.blueprint_commitment');
  await until(left, ({ rows }) => rows[0]?.left === 0);
  expect(await count('/core/groups/?name=half')).toBe(1);
  expect(await count('/flows/instances/?slug=half')).toBe(1);
});
