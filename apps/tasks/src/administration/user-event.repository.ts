import type { EntityManager } from '@postern/database';

const DELETE = `delete from event where (pk, created) in
  (select pk, created from event where user_pk = ? limit ?) returning 1`;

/** Deletes events that a user caused, no more than so many, and answers of how many. */
export async function deleteEventsOf(em: EntityManager, user: number, limit: number): Promise<number> {
  return (await em.execute<unknown[]>(DELETE, [String(user), limit])).length;
}
