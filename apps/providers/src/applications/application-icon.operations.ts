import { type Database, type EntityManager, getOr404 } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { eventContext, pictureAddress, type WantedPicture } from '@postern/resource';
import type { Call } from '@postern/rpc';
import type { IconStore } from '../media/index.ts';
import { ApplicationEntity } from './application.entity.ts';
import { applicationFact } from './application.facts.ts';

/** Changes icons of applications, each in one transaction with its event. All throw NOT_FOUND and field errors. */
export type ApplicationIconOperations = {
  /** Sets the icon to an uploaded picture. */
  upload(slug: string, file: Uint8Array, call: Call): Promise<void>;
  /** Sets the icon to an address, or takes it away. */
  set(slug: string, address: string | null, call: Call): Promise<void>;
  /** Sets the icon of the application with a key: to a picture, an address, or none. */
  setPicture(pk: string, picture: WantedPicture, call: Call): Promise<void>;
};

export type ApplicationIconDeps = {
  readonly db: Pick<Database, 'write'>;
  readonly outbox: Outbox;
  readonly icons: Pick<IconStore, 'take' | 'drop'>;
};

type Which = { slug: string } | { pk: string };

/** Creates the operations. */
export function createApplicationIconOperations(deps: ApplicationIconDeps): ApplicationIconOperations {
  const { db, outbox, icons } = deps;

  function change(which: Which, choose: (em: EntityManager) => Promise<string | null>, call: Call): Promise<void> {
    return db.write(call.context, async (em) => {
      const row = await getOr404(em, ApplicationEntity, which);
      const icon = await choose(em);
      await icons.drop(em, row.metaIcon, call);
      row.metaIcon = icon;
      await em.flush();
      await outbox.record(em, eventContext(call), applicationFact('updated', row, ['meta_icon']));
    });
  }

  /** The bytes go first, so that no transaction waits for them; an application that is not there leaves none behind. */
  async function upload(which: Which, file: Uint8Array, call: Call): Promise<void> {
    const picture = await icons.take(file, call);
    try {
      await change(which, picture.keep, call);
    } catch (error) {
      await picture.discard();
      throw error;
    }
  }

  return {
    upload: (slug, file, call) => upload({ slug }, file, call),
    set: (slug, address, call) => change({ slug }, async () => address, call),
    setPicture(pk, { address, content }, call) {
      if (content.length > 0) return upload({ pk }, content, call);
      return change({ pk }, async () => (address === '' ? null : pictureAddress(address)), call);
    },
  };
}
