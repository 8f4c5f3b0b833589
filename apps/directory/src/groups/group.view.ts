import type { EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { encodeMember, findMembers, type UidOf } from '../users/index.ts';
import { encodeGroup, type GroupMessage } from './group.codec.ts';
import type { GroupRow } from './group.entity.ts';
import { getGroup, namesOf, rolesOf } from './group.repository.ts';

/** Shows groups in the contract's words: three queries, however many they are. */
export type ShowGroups = (em: EntityManager, rows: readonly GroupRow[]) => Promise<GroupMessage[]>;

/** Shows one group, as it is now. Throws NOT_FOUND. */
export type ShowGroup = (em: EntityManager, pk: string) => Promise<GroupMessage>;

/** Creates what shows one group. */
export function createShowGroup(show: ShowGroups): ShowGroup {
  return async (em, pk) => {
    const [group] = await show(em, [await getGroup(em, pk)]);
    if (!group) throw common.NOT_FOUND();
    return group;
  };
}

/** Creates what shows groups. */
export function createShowGroups({ uidOf }: { readonly uidOf: UidOf }): ShowGroups {
  return async (em, rows) => {
    const keys = rows.map(({ pk }) => pk);
    const parents = await namesOf(
      em,
      rows.flatMap(({ parent }) => parent ?? []),
    );
    const roles = await rolesOf(em, keys);
    const members = await findMembers(em, keys);
    return rows.map((row) =>
      encodeGroup(row, {
        parentName: row.parent ? parents.get(row.parent) : undefined,
        roles: (roles.get(row.pk) ?? []).map(({ pk, name }) => ({ pk, name })),
        members: (members.get(row.pk) ?? []).map((member) => encodeMember(member, uidOf(member.pk))),
      }),
    );
  };
}
