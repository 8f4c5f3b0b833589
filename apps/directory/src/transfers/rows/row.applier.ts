import { isDeepStrictEqual } from 'node:util';
import { findPermission } from '@postern/models';
import { KINDS, type Kind, type ReadRow, type Row, RowProblem } from '../files/index.ts';
import type { Asker } from './asker.ts';
import type { LocalApi } from './local-api.client.ts';
import { type Lookups, NAMED, namesIn, REFERENCES } from './lookups.ts';
import type { Named } from './named.repository.ts';
import { isFault, OUR_FAULT, problemOf } from './row.problem.ts';

/** What became of a row. */
export type RowOutcome = Pick<ReadRow, 'number' | 'line' | 'key'> & {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'failed';
  readonly field: string;
  readonly message: string;
};

/** What applying rows needs. */
export type ApplyingDeps = {
  readonly api: LocalApi;
  readonly asker: Asker;
  readonly kind: Kind;
  /** Whether a fault of ours counts as one of the row: it was met before, and must not keep the rows behind it for good. */
  readonly blamesRows: boolean;
  /** Whether a dry run came upon a row of an earlier batch that would make an object of this name. */
  readonly isExpected: (name: string) => boolean;
  readonly lookups: Lookups;
  /** Does the work of one row: taken back alone where it throws. */
  readonly within: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

/** Creates what does what a row says, with the rights of whoever asked. It answers what is wrong with a row, and throws what is wrong with us. */
export function createRowApplier(deps: ApplyingDeps): (row: ReadRow) => Promise<RowOutcome> {
  return async ({ row, ...place }) => {
    try {
      if (row instanceof RowProblem) throw row;
      const outcome = await deps.within(() => apply(deps, place.key, row));
      return { ...place, outcome, field: '', message: '' };
    } catch (error) {
      const { field, message } = deps.blamesRows && isFault(error) ? OUR_FAULT : problemOf(error);
      return { ...place, outcome: 'failed', field, message };
    } finally {
      deps.lookups.forget(place.key);
    }
  };
}

async function apply(deps: ApplyingDeps, key: string, row: Row): Promise<RowOutcome['outcome']> {
  const { kind, asker, lookups } = deps;
  const [pk, another] = await lookups.keysOf(NAMED[kind], key);
  if (another !== undefined) throw new RowProblem(KINDS[kind].key, `There are several ${kind} of this name.`);
  if (pk === undefined) {
    if (deps.isExpected(key)) return 'updated';
    await create(deps, row);
    return 'created';
  }
  const stored = await lookups.recordOf(pk);
  const changed = changedFields(row, stored);
  if (Object.keys(changed).length === 0 && asker.may(KINDS[kind].change)) return 'unchanged';
  await update(deps, pk, changed, stored);
  return 'updated';
}

/** What a row says that is not so yet. Lists of names have no order. */
function changedFields(row: Row, stored: Row): Row {
  const settled = (value: unknown) => (Array.isArray(value) ? [...new Set(value)].sort() : value);
  const isOther = ([field, value]: [string, unknown]) => !isDeepStrictEqual(settled(value), settled(stored[field]));
  return Object.fromEntries(Object.entries(row).filter(isOther));
}

const NEW_USER = { name: '', is_active: true, path: 'users', type: 'internal' };

async function create(deps: ApplyingDeps, row: Row): Promise<void> {
  const { api, asker, kind } = deps;
  if (kind === 'users') {
    await api.users.createUser({ user: { ...NEW_USER, ...(await resolved(deps, row)) } }, asker.origin());
    return;
  }
  if (kind === 'groups') {
    await api.groups.createGroup({ group: await resolved(deps, row) }, asker.origin());
    return;
  }
  const { permissions = [], ...role } = row;
  const given = permissionsOf(permissions);
  const { pk } = await api.roles.createRole({ role }, asker.origin());
  await changePermissions(deps, pk, given, []);
}

async function update(deps: ApplyingDeps, pk: string, changed: Row, stored: Row): Promise<void> {
  const { api, asker, kind } = deps;
  if (kind === 'roles') {
    return changePermissions(
      deps,
      pk,
      permissionsOf(changed.permissions ?? []),
      permissionsOf(stored.permissions ?? []),
    );
  }
  const values = await resolved(deps, changed);
  const update_mask = Object.keys(values);
  if (kind === 'users') await api.users.updateUser({ id: Number(pk), user: values, update_mask }, asker.origin());
  else await api.groups.updateGroup({ group_uuid: pk, group: values, update_mask }, asker.origin());
}

async function changePermissions(
  { api, asker }: ApplyingDeps,
  uuid: string,
  wanted: readonly string[],
  held: readonly string[],
) {
  const given = wanted.filter((one) => !held.includes(one));
  const taken = held.filter((one) => !wanted.includes(one));
  const assignment = (permissions: string[]) => ({ uuid, assignment: { permissions, model: '', object_pk: '' } });
  if (given.length > 0) await api.permissions.assignRolePermissions(assignment(given), asker.origin());
  if (taken.length > 0) await api.permissions.unassignRolePermissions(assignment(taken), asker.origin());
}

function permissionsOf(value: unknown): string[] {
  const names = namesIn(value);
  const unknown = names.find((name) => findPermission(name) === undefined);
  if (unknown !== undefined)
    throw new RowProblem('permissions', `There is no permission called ${unknown.slice(0, 200)}.`);
  return names;
}

/** The row with keys where it names other objects, in the words of the API. */
async function resolved(deps: ApplyingDeps, row: Row): Promise<Row> {
  const entries: [string, unknown][] = [];
  for (const [field, value] of Object.entries(row)) {
    const reference = REFERENCES[field];
    if (reference === undefined) entries.push([field, value]);
    else entries.push([field === 'members' ? 'users' : field, await keysIn(deps, field, value, reference)]);
  }
  return Object.fromEntries(entries);
}

async function keysIn(
  deps: ApplyingDeps,
  field: string,
  value: unknown,
  [what, view]: readonly [Named, string],
): Promise<unknown> {
  const names = namesIn(value).filter((name) => name !== '');
  if (names.length > 0 && !deps.asker.may(view))
    throw new RowProblem(field, `This field needs the permission ${view}.`);
  const found: string[] = [];
  for (const name of new Set(names)) {
    const [key, another] = await deps.lookups.keysOf(what, name);
    if (another !== undefined) throw new RowProblem(field, `There are several objects called ${name.slice(0, 200)}.`);
    if (key !== undefined) found.push(key);
    else if (!(what === NAMED[deps.kind] && deps.isExpected(name)))
      throw new RowProblem(field, `There is nothing called ${name.slice(0, 200)}.`);
  }
  if (field === 'parent') return found[0];
  return what === 'user' ? found.map(Number) : found;
}
