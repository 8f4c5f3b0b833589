import { defineEvent, type Fact, fact } from '@postern/messaging';
import { directory } from '@postern/proto';

const MEMBERS_CHANGED = defineEvent('directory.v1.group.members_changed', directory.GroupMembersChanged);

/** Keys in one event: well below the size that a broker takes. */
const CHUNK = 10_000;

/** The facts that users joined or left a group; none when nobody did. */
export function membersChanged(
  group: directory.GroupFacts,
  joined: readonly number[],
  left: readonly number[],
): Fact[] {
  return [
    ...chunks(joined).map((some) => fact(MEMBERS_CHANGED, { group, joined: some, left: [] })),
    ...chunks(left).map((some) => fact(MEMBERS_CHANGED, { group, joined: [], left: some })),
  ];
}

function chunks(keys: readonly number[]): number[][] {
  const count = Math.ceil(keys.length / CHUNK);
  return Array.from({ length: count }, (_, index) => keys.slice(index * CHUNK, (index + 1) * CHUNK));
}
