import { defineErrors, invalidField } from '@postern/errors';
import { aTenant, testDatabase } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import {
  type Allowed,
  applyMask,
  type Constraints,
  createFrom,
  type Database,
  defineList,
  deleteOne,
  getOr404,
  type InferEntity,
  icontains,
  listPage,
  updateFrom,
} from './index.ts';
import { Person, people, Team } from './people.fixture.ts';

const errors = defineErrors('test.teams', {
  TEAM_NAME_TAKEN: {
    code: 'ALREADY_EXISTS',
    message: 'Team with this name already exists.',
    field: 'name',
    doc: 'The name is taken.',
  },
});

/** The message of the wire. */
type TeamMessage = { name: string; parent?: string | undefined };

/** A plain resource as an app writes it: what is settable, what its constraints mean, and the five methods in three lines each. */
function createTeamService(db: Database) {
  const list = defineList({
    entity: Team,
    filters: { name: icontains('name') },
    search: ['name'],
    ordering: { name: 'name' },
    defaultOrder: ['name'],
  });
  const allowed: Allowed<InferEntity<typeof Team>, TeamMessage> = { name: 'name', parent: 'parent' };
  const constraints: Constraints = {
    team__name_key: errors.TEAM_NAME_TAKEN,
    team__parent_pk_fkey: (_, options) =>
      invalidField('parent', 'Invalid pk - object does not exist.', 'TEAM_PARENT_UNKNOWN', options),
  };
  const encode = ({ pk, name, parent }: { pk: string; name: string; parent?: { pk: string } | null }) => ({
    pk,
    name,
    parent: parent?.pk ?? null,
  });
  return {
    list: (scope: { tenant: string }, request: object) => db.read(scope, (em) => listPage(em, list, request)),
    get: (scope: { tenant: string }, pk: string) => db.read(scope, async (em) => encode(await getOr404(em, Team, pk))),
    create: (scope: { tenant: string }, team: TeamMessage) =>
      db.write(scope, async (em) => encode(await createFrom(em, Team, team, constraints))),
    update: (scope: { tenant: string }, pk: string, message: TeamMessage, mask?: string[]) =>
      db.write(scope, async (em) =>
        encode(await updateFrom(em, await getOr404(em, Team, pk), { message, mask, allowed, constraints })),
      ),
    delete: (scope: { tenant: string }, pk: string) => db.write(scope, (em) => deleteOne(em, Team, pk)),
  };
}

const { db } = await testDatabase(people);
const teams = createTeamService(db);
const UNKNOWN = '01a1ffe7-2425-7058-9e2a-d49eb35e081a';

describe('a plain resource', () => {
  it('does not find keys that do not exist, cannot exist, or belong to another tenant', async () => {
    const [ours, theirs] = [aTenant(), aTenant()];
    const { pk } = await teams.create(theirs, { name: 'theirs' });
    for (const key of [UNKNOWN, 'x', '', "'", pk]) {
      await expect(teams.get(ours, key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(teams.update(ours, key, { name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(teams.delete(ours, key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await teams.get(theirs, pk)).toMatchObject({ name: 'theirs' });
  });

  it('lives and dies', async () => {
    const scope = aTenant();
    const { pk } = await teams.create(scope, { name: 'a' });
    const child = await teams.create(scope, { name: 'b', parent: pk });
    expect(child.parent).toBe(pk);
    expect((await teams.list(scope, { search: 'B' })).results).toMatchObject([{ name: 'b', parent: pk }]);
    await teams.delete(scope, pk);
    expect(await teams.get(scope, child.pk)).toMatchObject({ parent: null });
  });

  it('names its violated constraints, at creation and at update', async () => {
    const scope = aTenant();
    const { pk } = await teams.create(scope, { name: 'a' });
    await teams.create(scope, { name: 'b' });
    const taken = { reason: 'TEAM_NAME_TAKEN', violations: [{ field: 'name' }] };
    await expect(teams.create(scope, { name: 'a' })).rejects.toMatchObject(taken);
    await expect(teams.update(scope, pk, { name: 'b' })).rejects.toMatchObject(taken);
    const unknown = { code: 'INVALID_ARGUMENT', violations: [{ field: 'parent' }] };
    await expect(teams.create(scope, { name: 'c', parent: UNKNOWN })).rejects.toMatchObject(unknown);
    await expect(teams.create(aTenant(), { name: 'a' })).resolves.toMatchObject({ name: 'a' });
  });

  it('keeps violations that nobody declared as they are', async () => {
    await expect(teams.create(aTenant(), { name: '' })).rejects.toThrow('team__name_check');
  });

  it('leaves what the mask does not name and clears what it names without a value', async () => {
    const scope = aTenant();
    const parent = await teams.create(scope, { name: 'top' });
    const { pk } = await teams.create(scope, { name: 'a', parent: parent.pk });
    expect(await teams.update(scope, pk, { name: 'b' }, ['name'])).toMatchObject({ name: 'b', parent: parent.pk });
    expect(await teams.update(scope, pk, { name: 'ignored' }, ['parent'])).toMatchObject({ name: 'b', parent: null });
  });
});

describe('a field mask', () => {
  const entity = () => ({ name: 'old', note: 'old' as string | null, admin: false });

  it('without a mask replaces every allowed field', () => {
    const target = entity();
    expect(applyMask(target, { name: 'new', note: undefined }, undefined, { name: 'name', note: 'note' })).toEqual([
      'name',
      'note',
    ]);
    expect(target).toEqual({ name: 'new', note: null, admin: false });
  });

  it('ignores fields that are not allowed, unknown or inherited', () => {
    const target = entity();
    const message = { name: 'new', admin: true };
    expect(applyMask(target, message, ['admin', 'name', 'nothing', '__proto__'], { name: 'name' })).toEqual(['name']);
    expect(target).toEqual({ ...entity(), name: 'new' });
  });

  it('with an empty mask changes nothing, and reads a path as its first step', () => {
    const target = entity();
    expect(applyMask(target, { name: 'new' }, [], { name: 'name' })).toEqual([]);
    const upper = {
      name: (one: { name: string }, value: string) => {
        one.name = value.toUpperCase();
      },
    };
    applyMask(target, { name: 'new' }, ['name.first'], upper);
    expect(target.name).toBe('NEW');
  });
});

it('finds rows by other unique columns too', async () => {
  const scope = aTenant();
  await db.write(scope, (em) => createFrom(em, Person, { username: 'ann' }));
  expect(await db.read(scope, (em) => getOr404(em, Person, { username: 'ann' }))).toMatchObject({ username: 'ann' });
});
