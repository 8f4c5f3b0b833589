import type { RequiredEntityData } from '@mikro-orm/core';
import type { Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { GroupMaker } from '../users/index.ts';
import { groupFacts } from './group.codec.ts';
import { Group, type GroupEntity } from './group.entity.ts';
import { groupCreated } from './group.events.ts';

/** Makes plain groups for others, in their transaction: a name at the top, and no rights. */
export function createGroupMaker({ outbox }: { readonly outbox: Outbox }): GroupMaker {
  return async (em, name, call) => {
    const group = em.create(Group, { name } as RequiredEntityData<GroupEntity>);
    em.persist(group);
    await em.flush();
    await outbox.record(em, eventContext(call), groupCreated(groupFacts({ ...group, parent: null })));
    return group.pk;
  };
}
