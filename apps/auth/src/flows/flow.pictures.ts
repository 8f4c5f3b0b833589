import { type Database, getOr404 } from '@postern/database';
import type { PictureKeeper } from '@postern/resource';
import { FlowEntity } from './flow.entity.ts';
import { flowErrors } from './flow.errors.ts';

/** Backgrounds of flows, as blueprints read and set them: addresses, as they were set. */
export function flowPictures({ db }: { db: Pick<Database, 'write'> }): PictureKeeper {
  return {
    async read(em, keys) {
      const rows = await em.find(FlowEntity, { pk: { $in: [...keys] }, background: { $ne: '' } });
      return rows.map(({ pk: key, background: address }) => ({ key, address, ...NO_UPLOAD }));
    },
    async set(pk, { address, content }, call) {
      if (content.length > 0) throw flowErrors.UPLOADS_NOT_KEPT();
      await db.write(call.context, async (em) => {
        (await getOr404(em, FlowEntity, { pk })).background = address;
      });
    },
  };
}

const NO_UPLOAD = { sha256: '', content_type: '', size: 0, content: Buffer.alloc(0) };
