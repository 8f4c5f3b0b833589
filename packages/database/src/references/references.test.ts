import { loadRegistry, referenceFields } from '@postern/proto';
import { aTenant, testDatabase } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import {
  collectUsedBy,
  createReferences,
  defineEntity,
  enableTenancy,
  p,
  referable,
  TENANT_COLUMNS,
  tenantTable,
} from '../index.ts';
import { Person, people, Team } from '../people.fixture.ts';

/** A row of the message postern.directory.v1.Brand, whose annotations name objects of other services. */
const Brand = defineEntity({
  name: 'Brand',
  properties: { ...tenantTable(), domain: p.text(), flowInvalidation: p.uuid().nullable() },
});
/** A row of the message postern.providers.v1.SCIMProvider, which holds lists of keys. */
const Scim = defineEntity({
  name: 'Scim',
  properties: { ...tenantTable(), name: p.text(), mappings: p.array().columnType('uuid[]') },
});

const { db } = await testDatabase({
  ...people,
  entities: [...people.entities, Brand, Scim],
  migrations: [
    ...people.migrations,
    {
      name: 'people/0003-references',
      up: [
        `create table brand (${TENANT_COLUMNS}, domain text not null, flow_invalidation uuid)`,
        ...enableTenancy('brand'),
        `create table scim (${TENANT_COLUMNS}, name text not null, mappings uuid[] not null)`,
        ...enableTenancy('scim'),
      ],
    },
  ],
});

const registry = loadRegistry();
const listed = referenceFields(registry).find(
  ({ field, message }) => field.fieldKind === 'list' && message.name === 'SCIMProvider',
);
const references = createReferences({
  models: [
    referable({ model: 'test.team', entity: Team, title: ({ name }) => name }),
    referable({ model: 'test.person', entity: Person, title: ({ username }) => username }),
    referable({
      model: 'test.brand',
      entity: Brand,
      type: 'postern.directory.v1.Brand',
      title: ({ domain }) => domain,
    }),
    referable({
      model: 'test.scim',
      entity: Scim,
      type: 'postern.providers.v1.SCIMProvider',
      title: ({ name }) => name,
      properties: { [listed?.field.name ?? '']: 'mappings' },
    }),
  ],
  fields: referenceFields(registry),
});

const scope = aTenant();
const flow = '01a1ffe7-2425-7058-9e2a-d49eb35e081a';
const mapping = '01a1ffe7-2425-7058-9e2a-d49eb35e081b';
const { red } = await db.write(scope, async (em) => {
  const red = em.create(Team, { name: 'red' });
  em.create(Team, { name: 'pink', parent: red });
  em.create(Person, { username: 'ann', team: red });
  em.create(Person, { username: 'bob' }).memberships.add(red);
  em.create(Brand, { domain: 'example.org', flowInvalidation: flow });
  em.create(Brand, { domain: 'other.example' });
  em.create(Scim, { name: 'scim', mappings: [mapping, flow] });
  return { red };
});
const read = <Result>(work: Parameters<typeof db.read<Result>>[1]) => db.read(scope, work);

describe('used by', () => {
  it('lists rows that refer to one of our own, with what becomes of them', async () => {
    const uses = await read((em) => references.usedBy(em, 'test.team', red.pk));
    expect(uses).toEqual([
      { app: 'test', model_name: 'team', pk: expect.any(String), name: 'pink', action: 'SET_NULL' },
      { app: 'test', model_name: 'person', pk: expect.any(String), name: 'ann', action: 'SET_NULL' },
      { app: 'test', model_name: 'person', pk: expect.any(String), name: 'bob', action: 'CASCADE_MANY' },
    ]);
  });

  it('sees a to-many relation from its other side too', async () => {
    const bob = await read((em) => em.findOneOrFail(Person, { username: 'bob' }));
    const uses = await read((em) => references.usedBy(em, 'test.person', bob.pk));
    expect(uses).toEqual([{ app: 'test', model_name: 'team', pk: red.pk, name: 'red', action: 'CASCADE_MANY' }]);
  });

  it('lists rows whose message refers to an object of another service', async () => {
    const uses = await read((em) => references.usedBy(em, 'authentik_flows.flow', flow));
    expect(uses).toEqual([
      { app: 'test', model_name: 'brand', pk: expect.any(String), name: 'example.org', action: 'SET_NULL' },
    ]);
  });

  it('finds keys in lists', async () => {
    const uses = await read((em) => references.usedBy(em, listed?.reference.model ?? '', mapping));
    expect(uses).toMatchObject([{ model_name: 'scim', action: 'CASCADE_MANY' }]);
  });

  it('knows nothing of keys that cannot be, of unknown models and of another tenant', async () => {
    expect(await read((em) => references.usedBy(em, 'test.team', 'x'))).toEqual([]);
    expect(await read((em) => references.usedBy(em, 'test.nothing', red.pk))).toEqual([]);
    expect(await db.read(aTenant(), (em) => references.usedBy(em, 'test.team', red.pk))).toEqual([]);
  });
});

describe('the answers for other services', () => {
  it('say which objects exist and what they are called', async () => {
    const keys = [red.pk, flow, 'x'];
    expect(await read((em) => references.exists(em, 'test.team', keys))).toEqual([red.pk]);
    expect(await read((em) => references.describe(em, 'test.team', keys))).toEqual({ [red.pk]: 'red' });
    expect(await read((em) => references.exists(em, 'test.nothing', keys))).toEqual([]);
  });

  it('let go of a deleted object as the annotations say', async () => {
    const model = listed?.reference.model ?? '';
    const changed = await db.write(scope, async (em) => [
      await references.forget(em, 'authentik_flows.flow', flow),
      await references.forget(em, model, mapping),
    ]);
    expect(changed).toEqual([1, 1]);
    expect(await read((em) => em.findOneOrFail(Brand, { domain: 'example.org' }))).toMatchObject({
      flowInvalidation: null,
    });
    expect(await read((em) => em.findOneOrFail(Scim, { name: 'scim' }))).toMatchObject({ mappings: [flow] });
  });
});

describe('the collection from all services', () => {
  const use = (app: string) => ({ app, model_name: 'x', pk: '1', name: app, action: 'CASCADE' as const });

  it('keeps their order and leaves out what the caller may not view', async () => {
    const clients = ['b', 'a', 'hidden'].map((app) => ({ usedBy: async () => [use(app)] }));
    const uses = await collectUsedBy(clients, { model: 'test.team', key: '1' }, (model) => model !== 'hidden.x');
    expect(uses.map(({ app }) => app)).toEqual(['b', 'a']);
  });

  it('fails when one of them does not answer', async () => {
    const clients = [{ usedBy: async () => [use('a')] }, { usedBy: async () => Promise.reject(new Error('down')) }];
    await expect(collectUsedBy(clients, { model: 'test.team', key: '1' }, () => true)).rejects.toThrow('down');
  });
});
