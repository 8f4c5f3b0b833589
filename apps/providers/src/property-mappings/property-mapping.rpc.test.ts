import { common } from '@postern/errors';
import { createOutbox, messagingTables } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { providers as api, directory, events } from '@postern/proto';
import { createClient, createRpcServer, createSealer, noClient } from '@postern/rpc';
import { aTenant, TEST_SECRET, testDatabase } from '@postern/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { entities, migrations } from '../schema.ts';
import { somePrograms } from '../testing/mapping-programs.fixture.ts';
import type { AnyMapping } from './property-mapping.kinds.ts';
import { createPropertyMappingRpc } from './property-mapping.rpc.ts';
import { createScopeMappingRpc } from './scope/scope-mapping.rpc.ts';

const schema = 'providers';
const tables = [{ name: 'test/0001-messaging', up: messagingTables(schema) }, ...migrations];
const { db, sql } = await testDatabase({ schema, entities, migrations: tables });
const programs = somePrograms();
afterAll(() => programs.expressions.close());

/** The mappings of webhooks, as their keeper has them. */
const webhooks: AnyMapping[] = [];
const others = {
  list: async (search: string) => webhooks.filter(({ name }) => name.includes(search)),
  find: async (pk: string) => webhooks.find((one) => one.pk === pk),
  remove: async (pk: string) =>
    void webhooks.splice(
      webhooks.findIndex((one) => one.pk === pk),
      1,
    ),
  usedBy: async () => ({ items: [] }),
};
const EVE = 13;
const users = {
  async getUser({ id }: { id?: number }) {
    if (id === EVE) throw common.PERMISSION_DENIED();
    if (id !== 7) throw common.NOT_FOUND();
    return directory.User.fromPartial({ pk: 7, username: 'ada', attributes: { room: 12 } });
  },
};
const neighbours = {
  require: async () => undefined,
  describe: async () => new Map(),
  usedBy: async (label: string) => usesOf(label),
};
const usesOf = (label: string) => [{ app: label, model_name: '', pk: '1', name: '', action: 'CASCADE' as const }];
const deps = { db, outbox: createOutbox({ schema }), neighbours, programs, others, users };
const isKnown = (code: string) => code === 'return {} # the platform’s (';
const services = [
  createPropertyMappingRpc(deps),
  createScopeMappingRpc({ ...deps, expressions: programs.expressions, isKnown }),
];
const sealer = createSealer(TEST_SECRET);
const server = createRpcServer({ services, sealer, log: createLogger({ level: 'silent' }) });
const link = { sealer, service: 'gateway' } as const;
const mappings = createClient(api.PropertyMappingServiceDefinition, server.channel(), link);
const scopes = createClient(api.ScopeMappingServiceDefinition, server.channel(), link);

function as(tenant: string, permissions?: string[]) {
  const user = { pk: 1, uuid: tenant, username: 'root', name: 'Root', email: '', type: 'internal' } as const;
  const rights = { superuser: permissions === undefined, permissions: permissions ?? [], via: 'session' as const };
  const principal = sealer.sealPrincipal({ kind: 'user', tenant, user, ...rights });
  return { context: { principal, client: sealer.sealClient(noClient(tenant, 'request')) } };
}

/** A tenant with a mapping for each name. */
async function aHouse(...names: string[]) {
  const { tenant } = aTenant();
  const origin = as(tenant);
  const made = new Map<string, string>();
  for (const name of names) {
    const scope_mapping = { name, scope_name: name, expression: `return {"name": "${name}"}` };
    made.set(name, (await scopes.createScopeMapping({ scope_mapping }, origin)).pk);
  }
  return { tenant, origin, pk: (name: string) => made.get(name) ?? '' };
}

const webhook = (name: string) => ({
  pk: crypto.randomUUID(),
  kind: 'webhook',
  managed: null,
  name,
  expression: 'return 1',
});
const namesOf = ({ results }: api.ListPropertyMappingsResponse) => results.map(({ name }) => name);

describe('mappings of every kind', () => {
  it('are for those who may see them', async () => {
    const { tenant, pk } = await aHouse('a');
    await expect(mappings.listPropertyMappings({}, as(tenant, []))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    const get = mappings.getPropertyMapping({ pm_uuid: pk('a') }, as(tenant, ['authentik_core.view_propertymapping']));
    await expect(get).resolves.toMatchObject({ name: 'a' });
  });

  it('are listed in one order, page by page, and found by words', async () => {
    const { origin } = await aHouse('a?', 'c', "e'");
    webhooks.splice(0, webhooks.length, webhook('b'), webhook('d'));
    const list = (request: object) => mappings.listPropertyMappings(request, origin);
    expect(namesOf(await list({}))).toEqual(['a?', 'b', 'c', 'd', "e'"]);
    expect(namesOf(await list({ ordering: '-name', page_size: 2, page: '2' }))).toEqual(['c', 'b']);
    expect((await list({ page_size: 2 })).pagination).toMatchObject({ count: 5, total_pages: 3, next: 2 });
    expect(namesOf(await list({ search: "e'" }))).toEqual(["e'"]);
    expect(namesOf(await list({ managed_isnull: false }))).toEqual([]);
    await expect(list({ page_size: 2, page: '4' })).rejects.toMatchObject({ message: 'Invalid page.' });
    expect((await list({})).results[1]).toMatchObject({
      managed: undefined,
      component: 'ak-property-mapping-notification-form',
      meta_model_name: 'authentik_events.notificationwebhookmapping',
    });
  });

  it('are unknown in another tenant, and by what is no key', async () => {
    const { pk } = await aHouse('a');
    for (const pm_uuid of [pk('a'), 'x', crypto.randomUUID()]) {
      const request = [{ pm_uuid }, as(aTenant().tenant)] as const;
      await expect(mappings.getPropertyMapping(...request)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('are deleted by whoever keeps them, which is told', async () => {
    const { tenant, origin, pk } = await aHouse('a');
    webhooks.splice(0, webhooks.length, webhook('b'));
    for (const pm_uuid of [pk('a'), webhooks[0]?.pk ?? '']) await mappings.deletePropertyMapping({ pm_uuid }, origin);
    expect(namesOf(await mappings.listPropertyMappings({}, origin))).toEqual([]);
    const rows = await sql<{ envelope: Buffer }>('select envelope from outbox where tenant_id = $1 order by seq', [
      tenant,
    ]);
    const { subject, payload } = events.Envelope.decode(rows.at(-1)?.envelope ?? Buffer.alloc(0));
    expect(subject).toBe('providers.v1.scope_mapping.deleted');
    expect(events.ModelChanged.decode(payload)).toMatchObject({
      name: 'a',
      families: ['authentik_core.propertymapping'],
    });
  });

  it('are used as what they are and as one of their family', async () => {
    const { origin, pk } = await aHouse('a');
    const { items } = await mappings.listPropertyMappingUsedBy({ pm_uuid: pk('a') }, origin);
    expect(items.map(({ app }) => app)).toEqual([
      'authentik_providers_oauth2.scopemapping',
      'authentik_core.propertymapping',
    ]);
  });

  it('have the kinds that there are', async () => {
    const { items } = await mappings.listPropertyMappingTypes({}, as(aTenant().tenant, []));
    expect(items.map(({ model_name }) => model_name)).toEqual(['scopemapping', 'notificationwebhookmapping']);
  });
});

describe('a trial', () => {
  async function aTrial(expression: string) {
    const { origin } = await aHouse();
    const scope_mapping = { name: 'tried', scope_name: 'tried', expression };
    const { pk: pm_uuid } = await scopes.createScopeMapping({ scope_mapping }, origin);
    return (request: object) => mappings.testPropertyMapping({ pm_uuid, policy_test: { user: 7 }, ...request }, origin);
  }

  it('refuses somebody whom the caller may not see, and names nobody else', async () => {
    const test = await aTrial('return 1');
    await expect(test({ policy_test: { user: EVE } })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(test({ policy_test: { user: 1000 } })).rejects.toMatchObject({
      violations: [{ field: 'user', description: 'Invalid pk "1000" - object does not exist.' }],
    });
  });

  it('answers what the program gives as Python writes it', async () => {
    const test = await aTrial(
      'return {"who": user.username, "room": request.user.attributes["room"], "é": [color, request.context]}',
    );
    const policy_test = { user: 7, context: { color: 'red', user: 'x', 'no name': 1 } };
    const value = { who: 'ada', room: 12, é: ['red', { color: 'red', user: 'x', 'no name': 1 }] };
    const { result, successful } = await test({ policy_test });
    expect([JSON.parse(result), successful]).toEqual([value, true]);
    expect(result).toMatch(/^\{"who": "ada", "room": 12, "\\u00e9": \["red", \{/);
    expect((await test({ policy_test, format_result: true })).result).toMatch(/^\{\n {4}"who": "ada",\n/);
  });

  it('answers what went wrong, and tells nobody else', async () => {
    const test = await aTrial('ak_create_event("tried")\nreturn {}[key]');
    expect(await test({ policy_test: { user: 7, context: { key: 'x' } } })).toEqual({
      result: "'x'",
      successful: false,
    });
    expect(await test({})).toEqual({ result: "name 'key' is not defined", successful: false });
    expect(programs.told).toEqual([]);
  });
});

describe('a program', () => {
  const save = (expression: string) =>
    scopes.createScopeMapping({ scope_mapping: { name: 'p', scope_name: 'p', expression } }, as(aTenant().tenant));

  it('is refused when it does not compile, also in part of a change', async () => {
    const message = "Expression Syntax Error: '{' was never closed (line 1, column 8)";
    const refusal = { violations: [{ field: 'expression', description: message }] };
    await expect(save('return {')).rejects.toMatchObject(refusal);
    const { origin, pk } = await aHouse('a');
    const change = (expression: string, ...update_mask: string[]) => {
      const scope_mapping = { name: 'a', scope_name: 'a', expression };
      return scopes.updateScopeMapping({ pm_uuid: pk('a'), scope_mapping, update_mask }, origin);
    };
    await expect(change('return {', 'expression')).rejects.toMatchObject(refusal);
    await expect(change('return {', 'name')).resolves.toMatchObject({ expression: 'return {"name": "a"}' });
  });

  it('of the platform is known by its text and not looked at', async () => {
    await expect(save('return {} # the platform’s (')).resolves.toMatchObject({ name: 'p' });
  });
});
