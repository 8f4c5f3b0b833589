import type { EntityManager, References } from '@postern/database';
import { type ConsumerOptions, onSubject } from '@postern/messaging';
import { events } from '@postern/proto';
import type { ServiceName } from '@postern/rpc';
import { MODEL_CHANGED } from '../model.facts.ts';

/** Lets go of objects of other apps when they are deleted, as the annotations of the fields say. */
export function forgetDeleted(app: ServiceName, local: References): ConsumerOptions<EntityManager> {
  return {
    durable: `${app}_references`,
    handlers: [
      onSubject('*.v1.*.deleted', async ({ type, payload }, em: EntityManager) => {
        if (type !== MODEL_CHANGED) return;
        const { model, pk, families } = events.ModelChanged.decode(payload);
        for (const label of [model, ...families]) await local.forget(em, label, pk);
      }),
    ],
  };
}
