import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '@postern/database';
import { PosternError } from '@postern/errors';
import { findPermission } from '@postern/models';
import { KINDS, type Kind, type ReadRow, type Row, RowProblem } from '../files/index.ts';
import type { Asker } from './asker.ts';
import type { LocalApi } from './local-api.client.ts';
import { keysOf, type Named } from './named.repository.ts';
import { recordsOf } from './record.repository.ts';

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
  readonly isDryRun: boolean;
  /** Whether a fault of ours counts as one of the row: it was met before, and must not keep the rows behind it for good. */
  readonly blamesRows: boolean;
  /** Whether a dry run came upon a row that would make an object of this name. */
  readonly isExpected: (name: string) => Promise<boolean>;
  /** Reads, in the tenant of the import. */
  readonly read: <Result>(work: (em: EntityManager) => Promise<Result>) => Promise<Result>;
};

const NAMED: Readonly<Record<Kind, Named>> = { users: 'user', groups: 'group', roles: 'role' };

/** Fields that name other objects, and the permission to know whether there are any of that name. */
const REFERENCES: Readonly<Record<string, readonly [what: Named, view: string]>> = {
  groups: ['group', KINDS.groups.view],
  parent: ['group', KINDS.groups.view],
  roles: ['role', KINDS.roles.view],
  members: ['user', KINDS.users.view],
};

/** Creates what does what a row says, with the rights of whoever asked. It answers what is wrong with a row, and throws what is wrong with us. */
export function createRowApplier(deps: ApplyingDeps): (row: ReadRow) => Promise<RowOutcome> {
  return async ({ row, ...place }) => {
    try {
      if (row instanceof RowProblem) throw row;
      return { ...place, outcome: await apply(deps, place.key, row), field: '', message: '' };
    } catch (error) {
      const { field, message } = deps.blamesRows && isFault(error) ? OUR_FAULT : problemOf(error);
      return { ...place, outcome: 'failed', field, message };
    }
  };
}

async function apply(deps: ApplyingDeps, key: string, row: Row): Promise<RowOutcome['outcome']> {
  const { kind, asker, read } = deps;
  const { existing, stored } = await read(async (em) => {
    const found = (await keysOf(em, NAMED[kind], [key]))(key);
    return { existing: found, stored: await recordsOf(em, kind, found) };
  });
  const [pk, another] = existing;
  if (another !== undefined) throw new RowProblem(KINDS[kind].key, `There are several ${kind} of this name.`);
  if (pk === undefined) {
    if (deps.isDryRun && (await deps.isExpected(key))) return 'updated';
    await create(deps, row);
    return 'created';
  }
  const changed = changedFields(row, stored.get(pk) ?? {});
  if (Object.keys(changed).length === 0 && asker.may(KINDS[kind].change)) return 'unchanged';
  await update(deps, pk, changed, stored.get(pk) ?? {});
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
  // A dry run has no role to give anything to.
  if (!deps.isDryRun) await changePermissions(deps, pk, given, []);
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
  const keys = await deps.read((em) => keysOf(em, what, names));
  const found: string[] = [];
  for (const name of new Set(names)) {
    const [key, another] = keys(name);
    if (another !== undefined) throw new RowProblem(field, `There are several objects called ${name.slice(0, 200)}.`);
    if (key !== undefined) found.push(key);
    else if (!(what === 'group' && deps.isDryRun && (await deps.isExpected(name))))
      throw new RowProblem(field, `There is nothing called ${name.slice(0, 200)}.`);
  }
  if (field === 'parent') return found[0];
  return what === 'user' ? found.map(Number) : found;
}

function namesIn(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === 'string');
}

/** What is wrong with a row, in words for whoever wrote it. Throws what is not about the row. */
function problemOf(error: unknown): { field: string; message: string } {
  if (error instanceof RowProblem) return error;
  if (!(error instanceof PosternError) || OURS.has(error.code)) throw error;
  const [violation] = error.violations;
  if (violation === undefined) return { field: '', message: error.message };
  // Rules name fields by their place in the request, such as `user.email`.
  return { field: violation.field.replace(/^(user|group|role|assignment)\./, ''), message: violation.description };
}

const OUR_FAULT = { field: '', message: 'This row cannot be read for a reason that the log of the server knows.' };

/** Whether nobody foresaw this: it will be so again. */
function isFault(error: unknown): boolean {
  if (error instanceof RowProblem) return false;
  return !(error instanceof PosternError) || error.code === 'INTERNAL';
}

/** What a row cannot help, and what may be gone when it is tried again. */
const OURS: ReadonlySet<string> = new Set([
  'INTERNAL',
  'UNAVAILABLE',
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'UNAUTHENTICATED',
]);
