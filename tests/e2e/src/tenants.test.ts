import { randomUUID } from 'node:crypto';
import { setupPath } from '@postern/auth';
import { DEFAULT_TENANT } from '@postern/database';
import { loadRegistry, operations, referenceFields } from '@postern/proto';
import { type Roles, TEST_SECRET } from '@postern/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { flowClient } from './flow.client.ts';
import { internalClients } from './internal.client.ts';
import { ADMIN_PASSWORD, ADMIN_TOKEN, BOOTSTRAP, startFiveProcesses, untilProvisioned } from './platforms.ts';
import { bodyOf, collectionOf, type Request, requestsOf, sampleOf } from './samples.ts';

const HOST = 'other.example';
const OPERATORS_KEY = randomUUID();
/** What each sign-in and each request leaves behind changes all the time. */
const RESTLESS = new Set(['/api/v3/events/events/', '/api/v3/core/authenticated_sessions/']);

const registry = loadRegistry();
const requests = requestsOf(operations(registry)).filter(
  ({ operation, binding }) =>
    binding.path.startsWith('/api/v3/') && !operation.service.typeName.startsWith('postern.conformance.'),
);
const lists = requests.filter(isList);

/** One tenant, with everything of it that its administrator can see. */
type Tenant = { id: string; api: Api; key: string; marker: string; objects: Map<string, Json[]> };

let roles: Roles;
let first: Tenant;
let second: Tenant;

beforeAll(async () => {
  roles = await startFiveProcesses({ env: { ...BOOTSTRAP, POSTERN_TENANTS__API_KEY: OPERATORS_KEY } });
  const { id, key } = await setUpTenant();
  first = await inhabit(DEFAULT_TENANT, ADMIN_TOKEN);
  second = await inhabit(id, key, HOST);
});

afterAll(() => roles?.stop());

/** Creates the second tenant, as an operator does, and answers its id and an API token of its administrator. */
async function setUpTenant(): Promise<{ id: string; key: string }> {
  const founded = await operators().post('/tenants/tenants/', { name: 'Other', schema_name: 't_other' });
  const tenant = String(founded.tenant_uuid);
  await operators().post('/tenants/domains/', { tenant, domain: HOST });
  const browser = flowClient({ url: roles.url, host: HOST });
  const query = setupPath(TEST_SECRET, tenant).split('?')[1];
  await until(
    () => browser.step('initial-setup', undefined, query).catch(() => undefined),
    (challenge) => challenge?.component === 'ak-stage-prompt',
    60_000,
  );
  const answer = { email: 'admin@other.example', password: ADMIN_PASSWORD, password_repeat: ADMIN_PASSWORD };
  await browser.step('initial-setup', { component: 'ak-stage-prompt', ...answer }, query);
  const token = { identifier: 'other-api', intent: 'api', expiring: false };
  // The session is bound to its pages: they hand out the token that writing needs.
  await browser.send('/if/user/');
  const created = await browser.send('/api/v3/core/tokens/', token);
  expect(created).toMatchObject({ status: 201 });
  const shown = await browser.send('/api/v3/core/tokens/other-api/view_key/');
  return { id: tenant, key: String((JSON.parse(shown.text) as Json).key) };
}

const operators = () => apiOf({ url: roles.url, token: OPERATORS_KEY });

/** Creates an object of every kind that can be created, and looks at all there is. */
async function inhabit(id: string, key: string, host?: string): Promise<Tenant> {
  const api = apiOf({ url: roles.url, token: key, host });
  const tenant: Tenant = { id, api, key, marker: `m${randomUUID().slice(0, 8)}`, objects: new Map() };
  await untilProvisioned(api);
  // What refers to an object needs it to be there: whoever is refused at first gets another try.
  for (let round = 0; round < 2; round += 1) {
    await look(tenant);
    for (const request of requests.filter(isCreate)) if (!has(tenant, request)) await create(tenant, request, tenant);
  }
  await look(tenant);
  return tenant;
}

async function look({ api, objects }: Tenant): Promise<void> {
  for (const { binding } of lists) objects.set(binding.path, await everything(api, binding.path));
}

/** All pages of a list, or the list itself where it has none. */
async function everything(api: Api, path: string): Promise<Json[]> {
  const { status, body } = await api.send('GET', path);
  if (status !== 200 || !Array.isArray(body.results)) return [];
  return api.list(path);
}

function has({ objects, marker }: Tenant, { binding }: Request): boolean {
  return (objects.get(binding.path) ?? []).some((object) => JSON.stringify(object).includes(marker));
}

/** Tries to create an object in one tenant whose references lead to objects of another, or of the same. */
async function create({ api, marker }: Tenant, request: Request, referred: Tenant) {
  const message = bodyOf(request);
  if (!message) return undefined;
  const body = sampleOf(message, { registry, marker, keyOf: (model) => keyOf(referred, model) });
  return api.send('POST', request.binding.path, body);
}

/** The key of an object of a model: found by the name of the model in the path of its list. */
function keyOf({ objects, marker }: Tenant, model: string): unknown {
  const name = model.split('.')[1] ?? '';
  const paths = lists
    .map(({ binding }) => binding.path)
    .filter((path) => MODELS[name]?.some((each) => path.endsWith(each)));
  const found = paths.flatMap((path) => objects.get(path) ?? []);
  return (found.find((object) => JSON.stringify(object).includes(marker)) ?? found[0])?.pk;
}

const MODELS: Readonly<Record<string, readonly string[]>> = {
  user: ['/core/users/'],
  group: ['/core/groups/'],
  role: ['/rbac/roles/'],
  flow: ['/flows/instances/'],
  stage: ['/stages/all/'],
  prompt: ['/stages/prompt/prompts/'],
  passwordstage: ['/stages/password/'],
  certificatekeypair: ['/crypto/certificatekeypairs/'],
  propertymapping: ['/propertymappings/scope/'],
  oauthsource: ['/sources/oauth/'],
  provider: ['/providers/oauth2/'],
  application: ['/core/applications/'],
};

function isList({ operation, binding }: Request): boolean {
  return (
    binding.verb === 'get' &&
    binding.parameters.length === 0 &&
    operation.output.fields.some(({ name }) => name === 'results')
  );
}

function isCreate({ operation, binding }: Request): boolean {
  return binding.verb === 'post' && binding.parameters.length === 0 && operation.method.name.startsWith('Create');
}

/** What tells an object from those of the other tenant: its keys, wherever they may be looked up by. */
function secretsOf({ objects, marker }: Tenant): string[] {
  const keys = [...objects.values()].flat().flatMap(({ pk, uuid }) => [pk, uuid]);
  return [marker, ...keys.filter((key): key is string => typeof key === 'string' && /^[0-9a-f-]{36}$/.test(key))];
}

const leaks = (text: string, tenant: Tenant) => secretsOf(tenant).filter((secret) => text.includes(secret));

/** The path of an operation on an object of the other tenant, for each such object that this tenant has no namesake of. */
function pathsTo({ binding }: Request, owner: Tenant, caller: Tenant): string[] {
  const [parameter = ''] = binding.parameters;
  const keys = (tenant: Tenant) =>
    (tenant.objects.get(collectionOf(binding)) ?? []).map((object) => keyFor(object, parameter));
  const own = new Set(keys(caller));
  return keys(owner)
    .filter((key) => key !== undefined && !own.has(key))
    .slice(0, 3)
    .map((key) => binding.path.replace(`{${parameter}}`, encodeURIComponent(String(key))));
}

function keyFor(object: Json, parameter: string): unknown {
  return object[parameter] ?? object.pk ?? object.uuid;
}

it('has objects of many kinds in both tenants', () => {
  for (const { objects, marker } of [first, second]) {
    const inhabited = [...objects].filter(([, found]) => found.some((each) => JSON.stringify(each).includes(marker)));
    expect(inhabited.map(([path]) => path)).toEqual(
      expect.arrayContaining([
        '/api/v3/core/users/',
        '/api/v3/core/groups/',
        '/api/v3/core/tokens/',
        '/api/v3/core/applications/',
        '/api/v3/providers/oauth2/',
        '/api/v3/flows/instances/',
        '/api/v3/rbac/roles/',
      ]),
    );
  }
});

it('lists nothing of the other tenant, searched for or not', async () => {
  for (const [caller, owner] of [[first, second] as const, [second, first] as const]) {
    for (const { binding } of lists) {
      for (const query of ['', `?search=${owner.marker}`]) {
        const { status, text } = await caller.api.send('GET', `${binding.path}${query}`);
        expect({ path: binding.path, status: status >= 500, leaks: leaks(text, owner) }).toEqual({
          path: binding.path,
          status: false,
          leaks: [],
        });
      }
    }
  }
});

it('does not let an object refer to one of the other tenant', async () => {
  for (const [caller, owner] of [[first, second] as const, [second, first] as const]) {
    for (const request of requests.filter(isCreate)) {
      const message = bodyOf(request);
      const own = message && sampleOf(message, { registry, marker: caller.marker, keyOf: () => undefined });
      const foreign =
        message && sampleOf(message, { registry, marker: caller.marker, keyOf: (model) => keyOf(owner, model) });
      if (!own || !foreign || Object.keys(own).length === Object.keys(foreign).length) continue;
      const answer = await create(caller, request, owner);
      const { path } = request.binding;
      expect({ path, status: answer?.status, leaks: leaks(answer?.text ?? '', owner).length > 5 }).toEqual({
        path,
        status: 400,
        leaks: false,
      });
    }
  }
});

it('neither shows nor changes an object of the other tenant, whatever is asked', async () => {
  let asked = 0;
  for (const [caller, owner] of [[first, second] as const, [second, first] as const]) {
    const before = await pictureOf(owner);
    for (const request of requests.filter(({ binding }) => binding.parameters.length === 1)) {
      for (const path of pathsTo(request, owner, caller)) {
        asked += 1;
        const { verb } = request.binding;
        const message = bodyOf(request);
        const body =
          message && sampleOf(message, { registry, marker: caller.marker, keyOf: (model) => keyOf(caller, model) });
        const { status, text } = await caller.api.send(verb.toUpperCase(), path, body);
        const shown = leaks(text.replaceAll(path, ''), owner);
        expect({ verb, path, refused: status >= 400 && status < 500, shown }).toEqual({
          verb,
          path,
          refused: true,
          shown: [],
        });
      }
    }
    expect(await pictureOf(owner)).toEqual(before);
  }
  expect(asked).toBeGreaterThan(200);
});

it('does not speak the protocols of an application of the other tenant', async () => {
  for (const [caller, owner] of [[first, second] as const, [second, first] as const]) {
    const application = marked(owner, '/api/v3/core/applications/');
    const { client_id, pk: provider } = marked(owner, '/api/v3/providers/oauth2/');
    await owner.api.patch(`/core/applications/${application.slug}/`, { provider });
    const home = `/application/o/${application.slug}/`;
    expect((await owner.api.send('GET', `${home}.well-known/openid-configuration`)).status).toBe(200);
    const paths = [
      `${home}.well-known/openid-configuration`,
      `${home}jwks/`,
      `${home}end-session/`,
      `/application/o/authorize/?response_type=code&client_id=${client_id}&redirect_uri=https%3A%2F%2Fapp.example`,
    ];
    for (const path of paths) {
      const { status, text } = await caller.api.send('GET', path);
      const shown = leaks(text.replaceAll(String(application.slug), ''), owner);
      expect({ path, refused: status >= 400 && status < 500, shown }).toEqual({ path, refused: true, shown: [] });
    }
  }
});

it('answers nothing of the other tenant to a service that asks on behalf of this one', async () => {
  const models = [...new Set(referenceFields(registry).map(({ reference }) => reference.model))];
  for (const [caller, owner] of [[first, second] as const, [second, first] as const]) {
    const clients = internalClients(roles, caller.id);
    const { origin, people, principals, flows, series } = clients;
    const { pk, uuid, username } = marked(owner, '/api/v3/core/users/');
    const own = new Set(secretsOf(caller));
    const secrets = secretsOf(owner).filter((key) => !own.has(key));
    for (const client of clients.references) {
      for (const model of models) {
        // Numbers are counted per model: that of a user is somebody's provider, too.
        const keys = model === 'authentik_core.user' ? [String(pk)] : secrets.slice(0, 900);
        expect(await client.exists({ model, keys }, origin)).toEqual({ keys: [] });
        expect(await client.describe({ model, keys }, origin)).toEqual({ names: {} });
        expect(await client.usedBy({ model, key: String(keys.at(-1)) }, origin)).toEqual({ items: [] });
      }
    }
    await expect(people.getPrincipal({ pk: Number(pk) }, origin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(people.getPrincipal({ uuid: String(uuid) }, origin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(JSON.stringify(await people.batchGetUsers({ pks: [Number(pk)] }, origin))).not.toContain(String(username));
    const found = people.findByIdentifier({ identifier: String(username), fields: ['username'] }, origin);
    expect(JSON.stringify(await found.catch(({ code }) => code))).not.toContain(String(uuid));
    await expect(principals.resolvePrincipal({ bearer: owner.key }, origin)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    const flow = marked(owner, '/api/v3/flows/instances/');
    await expect(flows.startFlow({ pk: String(flow.pk) }, origin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const query = JSON.stringify({ user__pk: pk });
    expect(JSON.stringify(await series.getEventSeries({ query }, origin))).not.toMatch(/"y_cord":[1-9]/);
    clients.close();
  }
});

it('says when a tenant has everything that it starts with', async () => {
  await until(
    () => operators().get(`/tenants/tenants/${second.id}/`),
    ({ ready }) => ready === true,
  );
});

it('leaves nothing of a tenant that is deleted, in no table of any service, and of the other everything', async () => {
  const before = await pictureOf(first);
  expect((await operators().send('DELETE', `/tenants/tenants/${DEFAULT_TENANT}/`)).body).toEqual({
    detail: 'The default tenant cannot be deleted.',
  });
  expect(Object.keys(await rowsOf(second.id)).length).toBeGreaterThan(40);
  await operators().remove(`/tenants/tenants/${second.id}/`);
  // Its sessions and tokens are worth nothing at once: the host leads to somebody else.
  await until(
    () => second.api.send('GET', '/core/users/me/'),
    ({ status }) => status === 403,
    2_000,
  );
  await until(
    () => rowsOf(second.id),
    (rows) => Object.keys(rows).length === 0,
    60_000,
  );
  expect(await pictureOf(first)).toEqual(before);
  await first.api.get('/core/users/me/');
});

/** What messaging remembers for a while so that nothing happens twice, and the mark that keeps late news away. */
const REMEMBERED = ['outbox', 'inbox', 'ended_tenant'];

/** Tables in which a tenant is named, and in how many rows. */
async function rowsOf(tenant: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: roles.databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema') and not tablename = any ($1)`,
      [REMEMBERED],
    );
    const found: Record<string, number> = {};
    for (const { name } of tables) {
      const { rows } = await client.query(`select count(*)::int as count from ${name} as t where t::text like $1`, [
        `%${tenant}%`,
      ]);
      if (rows[0].count > 0) found[name] = rows[0].count;
    }
    return found;
  } finally {
    await client.end();
  }
}

function marked({ objects, marker }: Tenant, path: string): Json {
  const found = (objects.get(path) ?? []).find((object) => JSON.stringify(object).includes(marker));
  if (!found) throw new Error(`nothing of ${path} bears the marker`);
  return found;
}

/** Everything that the administrator of a tenant sees, but for what changes with every request. */
async function pictureOf({ api }: Tenant): Promise<Json> {
  const seen: Record<string, unknown> = {};
  for (const { binding } of lists)
    if (!RESTLESS.has(binding.path)) seen[binding.path] = await everything(api, binding.path);
  return seen;
}
