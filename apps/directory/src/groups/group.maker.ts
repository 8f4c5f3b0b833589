import type { Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import { groupFactsOf } from '../memberships/index.ts';
import type { GroupMaker } from '../users/index.ts';
import { groupCreated } from './group.events.ts';
import { addGroup } from './group.repository.ts';

/** Makes plain groups for others, in their transaction: a name at the top, and no rights. */
export function createGroupMaker({ outbox }: { readonly outbox: Outbox }): GroupMaker {
  return async (em, name, call) => {
    const { pk } = await addGroup(em, { name });
    const factsOf = await groupFactsOf(em, [pk]);
    await outbox.record(em, eventContext(call), groupCreated(factsOf(pk)));
    return pk;
  };
}
