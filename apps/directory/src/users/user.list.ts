import {
  anyOf,
  asUuid,
  attributes,
  boolean,
  booleanText,
  type Condition,
  custom,
  defineList,
  exact,
  holding,
  raw,
} from '@postern/database';
import { User } from './user.entity.ts';

/** What lists of users offer. Each column has an index that begins with the tenant. */
export const userList = defineList({
  entity: User,
  filters: {
    username: exact('username'),
    email: exact('email'),
    name: exact('name'),
    uuid: exact('uuid', asUuid),
    is_active: boolean('isActive'),
    // Of the direct groups alone, as the contract has it; the field of the same name looks at their ancestors, too.
    is_superuser: custom(inSuperuserGroup),
    attributes: attributes('attributes'),
    // Keys, too: whoever asks for the list looks for the names.
    groups_by_name: custom(inGroups),
    groups_by_pk: custom(inGroups),
    path: exact('path'),
    path_startswith: custom(pathStartsWith),
    type: anyOf('type'),
  },
  search: ['username', 'name', 'email', booleanText('isActive'), inUuid],
  ordering: {
    pk: 'pk',
    username: 'username',
    name: 'name',
    is_active: 'isActive',
    last_login: 'lastLogin',
    email: 'email',
    path: 'path',
    type: 'type',
    uuid: 'uuid',
  },
  defaultOrder: ['username'],
  unique: ['username', 'uuid'],
  counted: true,
});

/** What lists of folders offer: the words to look for. */
export const pathList = defineList({ entity: User, search: userList.search ?? [] });

function inSuperuserGroup(value: unknown): Condition | undefined {
  const wanted = typeof value === 'boolean' ? String(value) : String(value).toLowerCase();
  if (wanted !== 'true' && wanted !== 'false') return undefined;
  const members = 'select m.user_pk from membership m join user_group g on g.pk = m.group_pk where g.is_superuser';
  const verb = wanted === 'true' ? 'in' : 'not in';
  return { [raw((alias) => `"${alias}"."pk" ${verb} (${members})`)]: [] };
}

/** By keys, whose numbers of members the planner knows; it knows nothing of what a name leads to. */
function inGroups(value: unknown, parameter: string): Condition {
  const keys = [value].flat().map((key) => asUuid(key, parameter));
  const members = `select user_pk from membership where group_pk in (${keys.map(() => '?').join(', ')})`;
  return { [raw((alias) => `"${alias}"."pk" in (${members})`, keys)]: [] };
}

/** The greatest character: paths are compared by their bytes, so every path with this beginning lies below. */
const LAST = '\u{10FFFF}';

function pathStartsWith(value: unknown): Condition {
  const start = String(value).replaceAll('\0', '');
  return { path: { $gte: start, $lt: start + LAST } };
}

/** Looks into the text of the UUID, which has an index of its own; a term that cannot be part of one costs nothing. */
function inUuid(term: string): Condition | undefined {
  if (!/^[0-9a-f-]+$/i.test(term)) return undefined;
  return holding('uuid_text', term);
}
