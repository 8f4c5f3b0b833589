import { findPictures, type PictureKeeper } from '@postern/resource';
import { APPLICATION_ICONS } from '../media/index.ts';
import { ApplicationEntity } from './application.entity.ts';
import { type ApplicationOperationDeps, createApplicationOperations } from './application.operations.ts';

/** Icons of applications, as blueprints read and set them. */
export function applicationPictures(deps: ApplicationOperationDeps): PictureKeeper {
  const { setPicture } = createApplicationOperations(deps);
  return {
    async read(em, keys, withContent) {
      const rows = await em.find(ApplicationEntity, { pk: { $in: [...keys] }, metaIcon: { $ne: null } });
      const icons = rows.map(({ pk, metaIcon }) => ({ key: pk, address: metaIcon ?? '' }));
      const uploads = await findPictures(
        em,
        APPLICATION_ICONS,
        icons.map(({ address }) => address),
        withContent,
      );
      return icons.map(({ key, address }) => ({ key, address, ...(uploads.get(address) ?? NO_UPLOAD) }));
    },
    set: setPicture,
  };
}

const NO_UPLOAD = { sha256: '', content_type: '', size: 0, content: Buffer.alloc(0) };
