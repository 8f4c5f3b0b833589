import type { PictureKeeper } from '@postern/resource';
import type { IconStore } from '../media/index.ts';
import { ApplicationEntity } from './application.entity.ts';
import { type ApplicationIconDeps, createApplicationIconOperations } from './application-icon.operations.ts';

/** Icons of applications, as blueprints read and set them. */
export function applicationPictures(
  deps: ApplicationIconDeps & { readonly icons: Pick<IconStore, 'find'> },
): PictureKeeper {
  const { setPicture } = createApplicationIconOperations(deps);
  return {
    async read(em, keys, withContent) {
      const rows = await em.find(ApplicationEntity, { pk: { $in: [...keys] }, metaIcon: { $ne: null } });
      const icons = rows.map(({ pk, metaIcon }) => ({ key: pk, address: metaIcon ?? '' }));
      const addresses = icons.map(({ address }) => address);
      const uploads = await deps.icons.find(em, addresses, withContent);
      return icons.map(({ key, address }) => ({ key, address, ...(uploads.get(address) ?? NO_UPLOAD) }));
    },
    set: setPicture,
  };
}

const NO_UPLOAD = { sha256: '', content_type: '', size: 0, content: Buffer.alloc(0) };
