import type { EntityManager } from '@postern/database';
import { type ConsumerOptions, on } from '@postern/messaging';
import { PROVISIONED } from './tenant.events.ts';

/** Notes that everything is there that a tenant starts with, when `tasks` says so. */
export function noteReady(): ConsumerOptions<EntityManager> {
  return {
    durable: 'directory_tenants_ready',
    handlers: [
      on(PROVISIONED, async ({ tenant }, em: EntityManager) => {
        await em.execute('update tenant set ready = true where pk = ? and not ready', [tenant]);
      }),
    ],
  };
}
