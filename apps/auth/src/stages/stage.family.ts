import { custom, type EntityManager, exact, type Filter, raw } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { auth } from '@postern/proto';
import type { ResourceDeps } from '@postern/resource';
import type { Family } from '../families/index.ts';
import { bySecrets } from './secret.filter.ts';
import { headOf, maySeeSecrets, type StageHead } from './stage.codec.ts';
import { StageEntity, type StageRow } from './stage.entity.ts';
import { modelOf, STAGE_FAMILIES } from './stage.families.ts';
import type { StageModel } from './stage.model.ts';
import { apart, openSettings, secretsOf, together } from './stage.secrets.ts';

/** Flows by the stages they use. */
export type FlowSets = (em: EntityManager, stages: readonly string[]) => Promise<ReadonlyMap<string, auth.FlowSet[]>>;

/** What the verbs of the family need. */
export type StageMethodDeps = ResourceDeps & { readonly flowSets: FlowSets };

/** Stages: what all kinds have in common. Secrets among their settings are kept apart, sealed. */
export function stageFamily({ db, flowSets }: StageMethodDeps): Family<StageRow, StageModel, StageHead> {
  return {
    label: 'authentik_flows.stage',
    subject: 'auth.v1.stage',
    entity: StageEntity,
    models: STAGE_FAMILIES.map(({ model }) => model),
    columns: { name: 'name' },
    filters: { stage_uuid: exact('pk'), no_flows: UNBOUND },
    ordering: {},
    constraints: { stage__name: () => invalidField('name', 'This field must be unique.', 'STAGE_NAME_TAKEN') },
    settingsOf: { plain: (row) => openSettings(db.secrets, row), entity: together },
    store: (row, model, settings) => void Object.assign(row, apart(model, settings)),
    secrets: {
      of: (model) => secretsOf(model),
      hiddenFrom: (model, context) => secretsOf(model, maySeeSecrets(context, model.model) ? 'write_only' : undefined),
      kept: (model) => secretsOf(model, 'write_only'),
    },
    narrow: (em, model, request, context) => bySecrets(em, { model, box: db.secrets }, request, context),
    heads: async (em, rows) => {
      const keys = rows.map(({ pk }) => pk);
      const flows = await flowSets(em, keys);
      return (row) => headOf(row, modelOf(row.kind), flows.get(row.pk) ?? []);
    },
    letGo: async (em, pk) => {
      await letGo(em, ['password_stage'], pk);
      await em.execute(
        `update stage set settings = jsonb_set(settings, '{configuration_stages}', (settings->'configuration_stages') - ?::text)
         where settings->'configuration_stages' @> to_jsonb(?::text)`,
        [pk, pk],
      );
    },
    uses: async () => [],
  };
}

/** `true` asks for stages that no flow uses, `false` for those that one does. */
const UNBOUND: Filter = custom((value) =>
  typeof value === 'boolean'
    ? {
        [raw((alias) => `(not exists (select 1 from flow_stage_binding as used where used.stage = ${alias}.pk))`)]:
          value,
      }
    : undefined,
);

/** Clears settings that name an object which goes. */
export async function letGo(em: EntityManager, settings: readonly string[], key: string): Promise<void> {
  for (const setting of settings) {
    await em.execute(`update stage set settings = settings - ?::text, updated = now() where settings->>? = ?`, [
      setting,
      setting,
      key,
    ]);
  }
}
