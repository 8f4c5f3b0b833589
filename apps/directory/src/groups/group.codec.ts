import type { directory } from '@postern/proto';
import { groupNumber } from '../memberships/index.ts';
import type { GroupRow } from './group.entity.ts';

/** A group, as messages carry it. */
export type GroupMessage = directory.Group;

/** What hangs off a group. */
export type GroupParts = {
  readonly parentName: string | undefined;
  readonly members: readonly directory.GroupMember[];
  readonly roles: readonly directory.Role[];
};

/** A group in the contract's words. */
export function encodeGroup(row: GroupRow, { parentName, members, roles }: GroupParts): directory.Group {
  return {
    pk: row.pk,
    num_pk: groupNumber(row.pk),
    name: row.name,
    is_superuser: row.isSuperuser,
    parent: row.parent ?? undefined,
    parent_name: parentName,
    users: members.map(({ pk }) => pk),
    users_obj: [...members],
    attributes: row.attributes,
    roles: roles.map(({ pk }) => pk),
    roles_obj: [...roles],
  };
}
