import { aTenant, testDatabase } from '@postern/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  anyOf,
  asChoice,
  asNumber,
  asUuid,
  attributes,
  boolean,
  booleanText,
  contains,
  defineList,
  exact,
  icontains,
  isNull,
  type ListRequest,
  listEntities,
  listPage,
  listQuery,
  some,
  startsWith,
  uuidText,
} from '../index.ts';
import { Person, people, Team } from '../people.fixture.ts';

const { db, sql } = await testDatabase(people);
const scope = aTenant();
const persons = defineList({
  entity: Person,
  filters: {
    username: exact('username'),
    username_part: icontains('username'),
    username_start: startsWith('username'),
    is_active: boolean('isActive'),
    age: exact('age', asNumber),
    ageless: isNull('age'),
    pk: exact('pk', asUuid),
    kind: exact('username', asChoice(['ann', 'bob'])),
    tags: contains('tags'),
    attributes: attributes('attributes'),
    team__name: exact('team__name'),
    names: anyOf('username'),
    teams_by_name: some('memberships', anyOf('name')),
  },
  search: ['username', 'team__name', booleanText('isActive'), uuidText('pk')],
  ordering: { username: 'username', age: 'age', is_active: 'isActive', team__name: 'team.name' },
  defaultOrder: ['username'],
  counted: true,
});

await db.write(scope, async (em) => {
  const red = em.create(Team, { name: 'Red' });
  const blue = em.create(Team, { name: 'blue' });
  const ann = em.create(Person, {
    username: 'ann',
    age: 30,
    tags: ['a', 'b'],
    team: red,
    attributes: { a: { b: 1 }, list: [1, 2] },
  });
  const bob = em.create(Person, {
    username: 'bob',
    isActive: false,
    tags: ['b'],
    team: blue,
    attributes: { a: { b: '1' }, n: null },
  });
  em.create(Person, { username: 'Carol_100%', age: 30 });
  ann.memberships.add(red, blue);
  bob.memberships.add(blue);
});
await db.write(aTenant(), async (em) => {
  em.create(Person, { username: 'ann' });
});

const page = (request: ListRequest & Record<string, unknown>) => db.read(scope, (em) => listPage(em, persons, request));
const names = async (request: Record<string, unknown>) => (await page(request)).results.map(({ username }) => username);

describe('filters', () => {
  it.each([
    [{ username: 'ann' }, ['ann']],
    [{ username: 'Ann' }, []],
    [{ username: 'a\0nn' }, ['ann']],
    [{ username: '' }, ['Carol_100%', 'ann', 'bob']],
    [{ username_part: 'O' }, ['Carol_100%', 'bob']],
    [{ username_part: '_1' }, ['Carol_100%']],
    [{ username_part: '0%' }, ['Carol_100%']],
    [{ username_start: 'b' }, ['bob']],
    [{ username_start: 'B' }, []],
    [{ is_active: 'FALSE' }, ['bob']],
    [{ is_active: true }, ['Carol_100%', 'ann']],
    [{ is_active: 'maybe' }, ['Carol_100%', 'ann', 'bob']],
    [{ age: '30' }, ['Carol_100%', 'ann']],
    [{ ageless: true }, ['bob']],
    [{ ageless: 'false' }, ['Carol_100%', 'ann']],
    [{ tags: 'b' }, ['ann', 'bob']],
    [{ tags: ['a', 'b'] }, ['ann']],
    [{ team__name: 'Red' }, ['ann']],
    [{ names: ['ann', 'bob', 'x'] }, ['ann', 'bob']],
    [{ names: [] }, ['Carol_100%', 'ann', 'bob']],
    [{ teams_by_name: ['blue', 'Red'] }, ['ann', 'bob']],
    [{ teams_by_name: 'Red' }, ['ann']],
    [{ unknown: 'x' }, ['Carol_100%', 'ann', 'bob']],
    [{ age: 30, tags: 'a' }, ['ann']],
  ])('%j finds %j', async (request, expected) => {
    expect(await names(request)).toEqual(expected);
  });

  it.each([
    [{ pk: 'x' }, 'pk', 'Enter a valid UUID.'],
    [{ age: 'x' }, 'age', 'Enter a number.'],
    [{ age: '99999999999' }, 'age', 'Enter a number.'],
    [{ kind: 'x' }, 'kind', 'Select a valid choice. x is not one of the available choices.'],
  ])('refuse %j', async (request, field, description) => {
    await expect(page(request)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field, description }],
    });
  });
});

describe('the filter on free-form properties', () => {
  it.each([
    ['{"a__b": 1}', ['ann']],
    ['{"a__b": "1"}', ['bob']],
    ['{"a": {"b": 1}}', ['ann']],
    ['{"list": [1, 2]}', ['ann']],
    ['{"list": [1]}', []],
    ['{"n": null}', ['bob']],
    ['{"a__b": 1, "list__1": 2}', ['ann']],
    ['{"quote\\"\'}, ?": 1}', []],
    ['{}', ['Carol_100%', 'ann', 'bob']],
  ])('%s finds %j', async (value, expected) => {
    expect(await names({ attributes: value })).toEqual(expected);
  });

  it('refuses what is no mapping', async () => {
    await expect(page({ attributes: '{' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'filter: failed to parse JSON',
    });
    await expect(page({ attributes: '[1]' })).rejects.toMatchObject({
      message: 'filter: value must be key:value mapping',
    });
  });
});

describe('search', () => {
  it.each([
    ['AN', ['ann']],
    ['a,n', ['ann']],
    ['ann red', ['ann']],
    ['ann blue', []],
    ['FALS', ['bob']],
    ['%', ['Carol_100%']],
    ["o'r", []],
    ['carol_1', ['Carol_100%']],
    ['carol-1', []],
    ['arol_100%', ['Carol_100%']],
    [' ,, ', ['Carol_100%', 'ann', 'bob']],
  ])('for "%s" finds %j', async (search, expected) => {
    expect(await names({ search })).toEqual(expected);
  });

  it('takes no longer for thousands of words', async () => {
    expect(await names({ search: 'ann '.repeat(5_000) })).toEqual(await names({ search: 'ann' }));
    expect(await names({ search: Array.from({ length: 5_000 }, (_, at) => `word${at}`).join(' ') })).toEqual([]);
  });

  it('looks into the text of a UUID', async () => {
    const { results } = await page({ username: 'ann' });
    expect(await names({ search: results[0]?.pk.slice(9, 30) })).toContain('ann');
  });
});

describe('ordering', () => {
  it.each([
    ['-username', ['bob', 'ann', 'Carol_100%']],
    ['-is_active,username', ['Carol_100%', 'ann', 'bob']],
    ['nonsense,-username', ['bob', 'ann', 'Carol_100%']],
    ['pk; drop table person', ['Carol_100%', 'ann', 'bob']],
    ['constructor', ['Carol_100%', 'ann', 'bob']],
    ['team__name', ['ann', 'bob', 'Carol_100%']],
  ])('by %s answers %j', async (ordering, expected) => {
    expect(await names({ ordering })).toEqual(expected);
  });
});

describe('pages', () => {
  it('carry the contract’s pagination object', async () => {
    const { pagination, results } = await page({ page: '2', page_size: '2' });
    expect(pagination).toEqual({
      next: 0,
      previous: 1,
      count: 3,
      current: 2,
      total_pages: 2,
      start_index: 3,
      end_index: 3,
    });
    expect(results).toHaveLength(1);
  });

  it('describe an empty list', async () => {
    const { pagination } = await page({ username: 'nobody' });
    expect(pagination).toEqual({
      next: 0,
      previous: 0,
      count: 0,
      current: 1,
      total_pages: 1,
      start_index: 0,
      end_index: 0,
    });
  });

  it.each(['x', 0, -1, '4.5'])('hold 100 rows when the size is %s', async (page_size) => {
    expect(await page({ page_size })).toMatchObject({ pagination: { total_pages: 1, end_index: 3 } });
  });

  it('are found from the end by "last"', async () => {
    expect(await page({ page: 'last', page_size: 2 })).toMatchObject({ pagination: { current: 2 } });
  });

  it.each(['0', 0, -1, 'x', 3, 1e30, '2.5'])('refuse the number %s', async (number) => {
    await expect(page({ page: number, page_size: 2 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'Invalid page.',
    });
  });
});

it('answers plain rows by property name, with keys in place of related rows', async () => {
  const { results } = await page({ username: 'ann' });
  const [ann] = results;
  expect(ann).toMatchObject({
    username: 'ann',
    isActive: true,
    age: 30,
    tags: ['a', 'b'],
    attributes: { a: { b: 1 } },
  });
  expect(ann?.created).toBeInstanceOf(Date);
  const team: string | null | undefined = ann?.team;
  expect(team).toMatch(/^[0-9a-f-]{36}$/);
});

it('answers entities with related rows where they are asked for', async () => {
  const { results } = await db.read(scope, (em) =>
    listEntities(em, persons, { ordering: '-username' }, { populate: ['memberships'] }),
  );
  const teams = results.map(({ username, memberships }) => [
    username,
    memberships
      .getItems()
      .map(({ name }) => name)
      .sort(),
  ]);
  expect(teams).toEqual([
    ['bob', ['blue']],
    ['ann', ['Red', 'blue']],
    ['Carol_100%', []],
  ]);
});

it('gives the query behind a list, for questions beside its pages', async () => {
  const request = { search: undefined, username_part: 'a' };
  const ages = await db.read(scope, (em) =>
    listQuery(em, persons, request).select(['age'], true).orderBy({ age: 'asc' }).execute('all'),
  );
  expect(ages).toEqual([{ age: 30 }]);
});

it('restricts a list to what the caller adds', async () => {
  const { pagination } = await db.read(scope, (em) =>
    listPage(em, persons, {}, { where: { username: { $in: ['ann'] } } }),
  );
  expect(pagination.count).toBe(1);
});

it('counts and turns the pages of a long list without walking it', async () => {
  const many = aTenant();
  await db.write(many, (em) =>
    em.execute(
      "insert into person (pk, username) select gen_random_uuid(), 'user-' || lpad(n::text, 6, '0') from generate_series(0, 29999) n",
    ),
  );
  await sql('vacuum analyze person');
  const list = (request: object) => db.read(many, (em) => listPage(em, persons, request));
  const far = await list({ page: 1_201, page_size: 20 });
  expect(far.pagination).toMatchObject({ count: 30_000, total_pages: 1_500, start_index: 24_001, end_index: 24_020 });
  expect(far.results.map(({ username }) => username)).toEqual(
    Array.from({ length: 20 }, (_, n) => `user-0${24_000 + n}`),
  );
  expect((await list({ page: 'last', page_size: 7 })).results.map(({ username }) => username)).toEqual(
    ['user-029995', 'user-029996', 'user-029997', 'user-029998', 'user-029999'].slice(-(30_000 % 7)),
  );
  const filtered = await list({ username_part: 'user', page_size: 20 });
  expect(filtered.pagination.count).toBeGreaterThan(10_000);
  expect((await list({ username_part: '-00123', page: 'last' })).pagination.count).toBe(10);
  await expect(list({ username_part: 'user', page: 1_501, page_size: 20 })).rejects.toMatchObject({
    message: 'Invalid page.',
  });
  await db.write(many, (em) => em.execute("delete from person where username > 'user-000009'"));
  expect((await list({})).pagination.count).toBe(10);
});

describe('a long list under conditions', () => {
  const many = aTenant();
  const list = (request: object) => db.read(many, (em) => listPage(em, persons, request));
  beforeAll(async () => {
    await db.write(many, (em) =>
      em.execute(
        "insert into person (pk, username, age) select gen_random_uuid(), 'user-' || lpad(n::text, 6, '0'), n % 3 from generate_series(0, 29999) n",
      ),
    );
  });

  it.each([
    ['before the planner knows anything of it', { username_part: 'user' }, 30_000],
    ['counted one by one', { age: 1 }, 10_000],
    ['that are few', { username_part: '-0123' }, 100],
    ['that stand at the end of the order', { username_part: '-02', ordering: '-username' }, 10_000],
  ])('is walked to its end by whoever follows next, %s', async (_, request, total) => {
    const seen: string[] = [];
    for (let page = 1; page > 0; ) {
      const { pagination, results } = await list({ ...request, page, page_size: 1_500 });
      seen.push(...results.map(({ username }) => username));
      page = pagination.next;
    }
    expect(seen).toHaveLength(total);
    expect(seen).toEqual(
      [...new Set(seen)].sort((a, b) => ('ordering' in request ? b.localeCompare(a) : a.localeCompare(b))),
    );
  });

  it('shows the first of what stands far behind, once the planner knows the table', async () => {
    await sql('vacuum analyze person');
    const { pagination, results } = await list({ username_part: '-02', is_active: true, page_size: 3 });
    expect(results.map(({ username }) => username)).toEqual(['user-020000', 'user-020001', 'user-020002']);
    expect(pagination).toMatchObject({ count: 10_000, next: 2 });
    expect((await list({ username_part: '-02', page: 'last', page_size: 3 })).results).toHaveLength(1);
    expect((await list({ username_part: 'user', page: 'last', page_size: 7 })).pagination.current).toBe(4_286);
  });

  it('refuses pages that no list has', async () => {
    for (const request of [
      { page: 3, page_size: 20_000 },
      { page: 9_007_199_254_740_991, page_size: 4_294_967_295 },
    ])
      await expect(list({ ...request, username_part: 'user' })).rejects.toMatchObject({ message: 'Invalid page.' });
  });
});

it('searches a big table through the trigram index, under row-level security', async () => {
  const plan = await db.read(scope, (em) =>
    em.execute<Record<string, string>[]>("explain select * from person where username ilike '%abcdef%'"),
  );
  expect(JSON.stringify(plan)).toContain('person__search');
});
