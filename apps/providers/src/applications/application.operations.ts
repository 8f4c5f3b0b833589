import { applyMask, type EntityManager, getOr404, onConstraint } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import {
  dropPicture,
  eventContext,
  type ModelVerb,
  modelFact,
  pictureAddress,
  type ResourceDeps,
  storePicture,
  type WantedPicture,
} from '@postern/resource';
import type { Call } from '@postern/rpc';
import { APPLICATION_ICONS } from '../media/index.ts';
import { findBackchannelProviders, kindOf, PROVIDER_FAMILY } from '../providers/index.ts';
import { ApplicationEntity, type ApplicationRow } from './application.entity.ts';
import { applicationBySlug, setBackchannelProviders } from './application.repository.ts';
import { applications } from './application.resource.ts';
import { isLaunchUrl } from './launch-url.ts';

/** Changes applications and what hangs off them, each in one transaction with its events. All throw NOT_FOUND and field errors. */
export type ApplicationOperations = {
  create(message: providers.Application | undefined, call: Call): Promise<string>;
  /** Answers the slug, which the change may have been about. */
  update(
    slug: string,
    message: providers.Application | undefined,
    mask: readonly string[] | undefined,
    call: Call,
  ): Promise<string>;
  /** Deletes an application, its background providers and its icon; its provider stays. */
  remove(slug: string, call: Call): Promise<void>;
  /** Sets the icon to an uploaded picture. */
  uploadIcon(slug: string, file: Uint8Array, call: Call): Promise<void>;
  /** Sets the icon to an address, or takes it away. */
  setIcon(slug: string, address: string | null, call: Call): Promise<void>;
  /** Sets the icon of the application with a key: to a picture, an address, or none. */
  setPicture(pk: string, picture: WantedPicture, call: Call): Promise<void>;
};

export type ApplicationOperationDeps = ResourceDeps & {
  /** Told, in the same transaction, of a provider that serves no application any more: what was issued by it ends. */
  readonly released: (em: EntityManager, provider: number) => Promise<void>;
};

/** Creates the operations. */
export function createApplicationOperations(deps: ApplicationOperationDeps): ApplicationOperations {
  const { db, outbox, neighbours, local, released } = deps;
  const { constraints = {}, fields, model, subject, type, families = [] } = applications;

  async function record(
    em: EntityManager,
    call: Call,
    verb: ModelVerb,
    { pk, name }: ApplicationRow,
    changed: string[] = [],
  ) {
    await outbox.record(em, eventContext(call), modelFact(subject, verb, { model, pk, name, families }, changed));
  }

  async function apply(
    em: EntityManager,
    row: ApplicationRow,
    message: providers.Application,
    mask?: readonly string[],
  ) {
    const changed = applyMask(row, message, mask, fields);
    await em.flush().catch(onConstraint(constraints));
    if (!(mask?.includes('backchannel_providers') ?? true)) return changed;
    await setBackchannelProviders(em, row.pk, message.backchannel_providers);
    return [...changed, 'backchannel_providers'];
  }

  function changeIcon(
    which: { slug: string } | { pk: string },
    choose: (em: EntityManager) => string | null,
    call: Call,
  ): Promise<void> {
    return db.write(call.context, async (em) => {
      const row = await getOr404(em, ApplicationEntity, which);
      const icon = choose(em);
      await dropPicture(em, APPLICATION_ICONS, row.metaIcon);
      row.metaIcon = icon;
      await em.flush();
      await record(em, call, 'updated', row, ['meta_icon']);
    });
  }

  return {
    async create(message, call) {
      const given = checked(message, undefined);
      await neighbours.require(type, given, undefined, call);
      return db.write(call.context, async (em) => {
        const row = em.create(ApplicationEntity, { name: given.name, slug: given.slug });
        await apply(em, row, given);
        await record(em, call, 'created', row);
        return row.slug;
      });
    },

    async update(slug, message, mask, call) {
      const given = checked(message, mask);
      await neighbours.require(type, given, mask, call);
      return db.write(call.context, async (em) => {
        const row = await applicationBySlug(em, slug);
        const before = row.provider?.pk;
        const changed = await apply(em, row, given, mask);
        if (before !== undefined && before !== row.provider?.pk) await released(em, before);
        await record(em, call, 'updated', row, changed);
        return row.slug;
      });
    },

    remove: (slug, call) =>
      db.write(call.context, async (em) => {
        const row = await applicationBySlug(em, slug);
        const behind = await findBackchannelProviders(em, [row.pk]);
        for (const { pk, name, kind } of behind) {
          const object = { model: kindOf(kind).model, pk, name, families: [PROVIDER_FAMILY] };
          await outbox.record(em, eventContext(call), modelFact(kindOf(kind).subject, 'deleted', object));
        }
        await record(em, call, 'deleted', row);
        if (row.provider) await released(em, row.provider.pk);
        await dropPicture(em, APPLICATION_ICONS, row.metaIcon);
        const key = row.pk;
        em.remove(row);
        await em.flush();
        await local?.forget(em, model, key);
      }),

    uploadIcon: (slug, file, call) => changeIcon({ slug }, (em) => storePicture(em, APPLICATION_ICONS, file), call),
    setIcon: (slug, address, call) => changeIcon({ slug }, () => address, call),
    setPicture(pk, { address, content }, call) {
      if (content.length > 0) return changeIcon({ pk }, (em) => storePicture(em, APPLICATION_ICONS, content), call);
      return changeIcon({ pk }, () => (address === '' ? null : pictureAddress(address)), call);
    },
  };
}

function checked(
  message: providers.Application | undefined,
  mask: readonly string[] | undefined,
): providers.Application {
  if (!message) throw common.INVALID_ARGUMENT();
  const isMeant = mask?.includes('meta_launch_url') ?? true;
  if (isMeant && !isLaunchUrl(message.meta_launch_url)) throw invalidField('meta_launch_url', 'Enter a valid URL.');
  return message;
}
