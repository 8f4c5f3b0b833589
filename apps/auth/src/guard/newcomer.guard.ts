import type { EntityManager } from '@postern/database';
import type { Guarding } from '@postern/resource';
import type { RightsGuard } from '../accounts/index.ts';

/**
 * Creates the guard over groups that flows put newcomers into: whoever changes flows, stages, policies, bindings or invitations decides who
 * gets there, so they need what those groups give, before the change and after it. Throws RIGHTS_BEYOND_YOURS.
 */
export function createNewcomerGuard({ rights }: { readonly rights: RightsGuard }): Guarding {
  return async (em, context, work) => {
    const { principal } = context;
    if (principal.kind === 'service' || (principal.kind === 'user' && principal.superuser)) return work();
    const before = await groupsGiven(em);
    const result = await work();
    await em.flush();
    const groups = new Set([...before, ...(await groupsGiven(em))]);
    await rights.require({ groups: [...groups] }, { context });
    return result;
  };
}

/** Groups that a stage of the tenant makes people members of. */
async function groupsGiven(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ key: string }[]>(
    `select distinct settings ->> 'create_users_group' as key from stage
     where kind = 'user_write' and settings ->> 'create_users_group' is not null`,
  );
  return rows.map(({ key }) => key);
}
