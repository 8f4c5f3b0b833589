import { applyMask, type EntityManager, onConstraint } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import { eventContext, modelFact, type ResourceDeps } from '@postern/resource';
import type { Call } from '@postern/rpc';
import type { IconStore } from '../media/index.ts';
import { findBackchannelProviders, kindOf, PROVIDER_FAMILY } from '../providers/index.ts';
import { ApplicationEntity, type ApplicationRow } from './application.entity.ts';
import { applicationFact } from './application.facts.ts';
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
};

export type ApplicationOperationDeps = ResourceDeps & {
  /** Told, in the same transaction, of a provider that serves no application any more: what was issued by it ends. */
  readonly released: (em: EntityManager, provider: number) => Promise<void>;
  readonly icons: Pick<IconStore, 'drop'>;
};

/** Creates the operations. */
export function createApplicationOperations(deps: ApplicationOperationDeps): ApplicationOperations {
  const { db, outbox, neighbours, local, released, icons } = deps;
  const { constraints = {}, fields, model, type } = applications;

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

  return {
    async create(message, call) {
      const given = checked(message, undefined);
      await neighbours.require(type, given, undefined, call);
      return db.write(call.context, async (em) => {
        const row = em.create(ApplicationEntity, { name: given.name, slug: given.slug });
        await apply(em, row, given);
        await outbox.record(em, eventContext(call), applicationFact('created', row));
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
        await outbox.record(em, eventContext(call), applicationFact('updated', row, changed));
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
        await outbox.record(em, eventContext(call), applicationFact('deleted', row));
        if (row.provider) await released(em, row.provider.pk);
        await icons.drop(em, row.metaIcon, call);
        const key = row.pk;
        em.remove(row);
        await em.flush();
        await local?.forget(em, model, key);
      }),
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
