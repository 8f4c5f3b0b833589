import type { EntityManager } from '@postern/database';
import { deletionOf } from '../events/index.ts';

const DELETE = deletionOf('user_pk = ?');

/** Deletes events that a user caused, no more than so many, and answers of how many. */
export async function deleteEventsOf(em: EntityManager, user: number, limit: number): Promise<number> {
  return (await em.execute<unknown[]>(DELETE, [String(user), limit])).length;
}
