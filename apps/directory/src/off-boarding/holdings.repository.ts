import type { EntityManager } from '@postern/database';

/** A permission that a user held by themselves: on everything, or on the object of a model. */
export type HeldPermission = { readonly permission: string; readonly model: string; readonly object_pk: string };

/** Takes all permissions that a user holds by themselves; those of groups go with the groups. */
export async function takeOwnPermissions(em: EntityManager, user: number): Promise<HeldPermission[]> {
  const onEverything = await em.execute<HeldPermission[]>(
    `delete from user_permission where user_pk = ? returning permission, '' as model, '' as object_pk`,
    [user],
  );
  const onObjects = await em.execute<HeldPermission[]>(
    'delete from object_permission where user_pk = ? returning permission, model, object_pk',
    [user],
  );
  return [...onEverything, ...onObjects];
}
