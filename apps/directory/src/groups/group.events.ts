import { defineEvent, type Fact, fact } from '@postern/messaging';
import { directory } from '@postern/proto';

const CREATED = defineEvent('directory.v1.group.created', directory.GroupCreated);
const UPDATED = defineEvent('directory.v1.group.updated', directory.GroupUpdated);
const DELETED = defineEvent('directory.v1.group.deleted', directory.GroupDeleted);

/** A group exists. */
export function groupCreated(group: directory.GroupFacts): Fact {
  return fact(CREATED, { group });
}

/** A group changed; `changed` are fields of the message. */
export function groupUpdated(group: directory.GroupFacts, changed: readonly string[]): Fact {
  return fact(UPDATED, { group, changed: [...changed] });
}

/** A group is gone. */
export function groupDeleted(group: directory.GroupFacts): Fact {
  return fact(DELETED, { group });
}
