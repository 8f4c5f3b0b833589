import { findPictures, type PictureKeeper, type ResourceDeps } from '@postern/resource';
import { createSetBackground, FLOW_BACKGROUNDS } from './background.operations.ts';
import { FlowEntity } from './flow.entity.ts';

/** Backgrounds of flows, as blueprints read and set them. */
export function flowPictures(deps: Pick<ResourceDeps, 'db' | 'outbox'>): PictureKeeper {
  const setBackground = createSetBackground(deps);
  return {
    async read(em, keys, withContent) {
      const rows = await em.find(FlowEntity, { pk: { $in: [...keys] }, background: { $ne: '' } });
      const addresses = rows.map(({ background }) => background);
      const uploads = await findPictures(em, FLOW_BACKGROUNDS, addresses, withContent);
      return rows.map(({ pk: key, background: address }) => ({
        key,
        address,
        ...(uploads.get(address) ?? NO_UPLOAD),
      }));
    },
    set: (pk, wanted, call) => setBackground({ pk }, wanted, call),
  };
}

const NO_UPLOAD = { sha256: '', content_type: '', size: 0, content: Buffer.alloc(0) };
