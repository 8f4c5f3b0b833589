import type { EntityManager } from '@postern/database';
import { encodeMember, findMembers, type UidOf } from '../users/index.ts';
import { encodeGroup, type GroupMessage } from './group.codec.ts';
import type { GroupRow } from './group.entity.ts';
import { namesOf, rolesOf } from './group.repository.ts';

/** Shows groups in the contract's words: three queries, however many they are. */
export type ShowGroups = (em: EntityManager, rows: readonly GroupRow[]) => Promise<GroupMessage[]>;

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
