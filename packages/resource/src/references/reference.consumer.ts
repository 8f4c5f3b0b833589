import type { EntityManager, References } from '@postern/database';
import { type ConsumerOptions, onSubject } from '@postern/messaging';
import type { ServiceName } from '@postern/rpc';
import { readDeletion } from './deletion.ts';

/** Lets go of objects of other apps when they are deleted, as the annotations of the fields say. */
export function forgetDeleted(app: ServiceName, local: References): ConsumerOptions<EntityManager> {
  return {
    durable: `${app}_references`,
    handlers: [
      onSubject('*.v1.*.deleted', async (envelope, em: EntityManager) => {
        const gone = readDeletion(envelope);
        for (const model of gone?.models ?? []) await local.forget(em, model, gone?.key ?? '');
      }),
    ],
  };
}
