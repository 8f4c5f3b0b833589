import type { EntityManager } from '@postern/database';
import { type ConsumerOptions, onSubject } from '@postern/messaging';
import { readDeletion } from '@postern/resource';
import { forgetObject } from './permission.repository.ts';

/** Forgets what anybody held on an object when it is deleted: another object may have its key one day. */
export function forgetPermissions(): ConsumerOptions<EntityManager> {
  return {
    durable: 'directory_permissions',
    handlers: [
      onSubject('*.v1.*.deleted', async (envelope, em: EntityManager) => {
        const gone = readDeletion(envelope);
        if (gone) await forgetObject(em, gone.models, gone.key);
      }),
    ],
  };
}
