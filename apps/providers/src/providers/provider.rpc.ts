import { custom, defineList, getOr404, listPage, raw } from '@postern/database';
import { common } from '@postern/errors';
import { providers } from '@postern/proto';
import { eventContext, modelFact, type ResourceDeps, visibleTo } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { type Assignments, encodeProvider } from './provider.codec.ts';
import { ProviderEntity } from './provider.entity.ts';
import { kindOf, PROVIDER_FAMILY, PROVIDER_KINDS } from './provider.kinds.ts';
import { findProviders } from './provider.repository.ts';

const BACKGROUND = PROVIDER_KINDS.filter(({ isBackchannel }) => isBackchannel).map(({ kind }) => kind);

const isUsed = raw(
  (alias) =>
    `("${alias}".backchannel_application is not null or exists (select 1 from application where provider_pk = "${alias}".pk))`,
);

const list = defineList({
  entity: ProviderEntity,
  filters: {
    application_isnull: custom((value) => {
      const text = String(value).toLowerCase();
      return text === 'true' || text === 'false' ? { [isUsed]: text === 'false' } : undefined;
    }),
    backchannel_only: custom((value) => {
      const text = String(value).toLowerCase();
      if (text !== 'true' && text !== 'false') return undefined;
      return { kind: text === 'true' ? { $in: BACKGROUND } : { $nin: BACKGROUND } };
    }),
  },
  search: ['name'],
  ordering: { pk: 'pk', name: 'name' },
  defaultOrder: ['pk'],
});

/** Implements the verbs that providers of all kinds share. */
export function createProviderRpc(deps: ResourceDeps & { assignments: Assignments }): BoundService {
  const { db, outbox, neighbours, local, assignments } = deps;
  return bind(providers.ProviderServiceDefinition, {
    listProviders: (request, call) =>
      db.read(call.context, async (em) => {
        const where = visibleTo(call, em, ProviderEntity);
        const { pagination, results } = await listPage(em, list, request, { where });
        const assigned = await assignments(em, results);
        return { pagination, results: results.map((row) => encodeProvider(row, assigned.get(row.pk))) };
      }),

    getProvider: ({ id }, { context }) =>
      db.read(context, async (em) => {
        const [row] = await findProviders(em, [id]);
        if (!row) throw common.NOT_FOUND();
        return encodeProvider(row, (await assignments(em, [row])).get(row.pk));
      }),

    deleteProvider: ({ id }, call) =>
      db.write(call.context, async (em) => {
        const row = await getOr404(em, ProviderEntity, id);
        const { subject, model } = kindOf(row.kind);
        const object = { model, pk: row.pk, name: row.name, families: [PROVIDER_FAMILY] };
        await outbox.record(em, eventContext(call), modelFact(subject, 'deleted', object));
        await em.nativeDelete(ProviderEntity, { pk: row.pk });
        for (const label of [model, PROVIDER_FAMILY]) await local?.forget(em, label, String(row.pk));
        return {};
      }),

    async listProviderUsedBy({ id }, call) {
      const { kind } = await db.read(call.context, (em) => getOr404(em, ProviderEntity, id));
      const labels = [kindOf(kind).model, PROVIDER_FAMILY];
      const items = await Promise.all(labels.map((label) => neighbours.usedBy(label, id, call)));
      return { items: items.flat() };
    },

    listProviderTypes: async () => ({
      items: PROVIDER_KINDS.map(({ verboseName, description, component, model }) => ({
        name: verboseName,
        description,
        component,
        model_name: model.split('.')[1] ?? '',
      })),
    }),
  });
}
