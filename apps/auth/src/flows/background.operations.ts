import { type EntityManager, getOr404 } from '@postern/database';
import {
  dropPicture,
  eventContext,
  modelFact,
  pictureAddress,
  type ResourceDeps,
  storePicture,
  type WantedPicture,
} from '@postern/resource';
import type { Call } from '@postern/rpc';
import { FlowEntity } from './flow.entity.ts';

/** Folder of background pictures. */
export const FLOW_BACKGROUNDS = 'flow-backgrounds';

/** Which flow. */
export type WhichFlow = { readonly slug: string } | { readonly pk: string };

/** Sets the background picture of a flow: to a picture, an address, or the default. Throws NOT_FOUND and field errors. */
export type SetBackground = (which: WhichFlow, wanted: WantedPicture, call: Call) => Promise<void>;

/** Creates the operation. A picture that is not shown any more is not kept. */
export function createSetBackground({ db, outbox }: Pick<ResourceDeps, 'db' | 'outbox'>): SetBackground {
  return (which, wanted, call) =>
    db.write(call.context, async (em) => {
      const flow = await getOr404(em, FlowEntity, which);
      const before = flow.background;
      flow.background = backgroundFor(em, wanted);
      if (before !== flow.background) await dropPicture(em, FLOW_BACKGROUNDS, before);
      await em.flush();
      const { pk, name, slug } = flow;
      const object = { model: 'authentik_flows.flow', pk, name: `Flow ${name} (${slug})` };
      await outbox.record(em, eventContext(call), modelFact('auth.v1.flow', 'updated', object, ['background']));
    });
}

function backgroundFor(em: EntityManager, { address, content }: WantedPicture): string {
  if (content.length > 0) return storePicture(em, FLOW_BACKGROUNDS, content);
  return address === '' ? '' : pictureAddress(address);
}
