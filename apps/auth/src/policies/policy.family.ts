import { boolean, type EntityManager, exact } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { api } from '@postern/proto';
import { type Family, PLAIN_FAMILY } from '../families/index.ts';
import { headOf, type PolicyHead, usesOf } from './policy.codec.ts';
import { PolicyEntity, type PolicyRow } from './policy.entity.ts';
import { POLICY_FAMILY, POLICY_MODELS } from './policy.families.ts';
import type { PolicyModel } from './policy.model.ts';

/** Policies: what all kinds have in common. */
export const policyFamily: Family<PolicyRow, PolicyModel, PolicyHead> = {
  ...PLAIN_FAMILY,
  label: POLICY_FAMILY,
  subject: 'auth.v1.policy',
  entity: PolicyEntity,
  models: POLICY_MODELS,
  columns: { name: 'name', execution_logging: 'executionLogging' },
  filters: {
    policy_uuid: exact('pk'),
    execution_logging: boolean('executionLogging'),
    created: exact('created'),
    last_updated: exact('updated'),
  },
  ordering: { execution_logging: 'executionLogging' },
  constraints: {
    policy__name: () => invalidField('name', 'Policy with this name already exists.', 'POLICY_NAME_TAKEN'),
  },
  settingsOf: { plain: ({ settings }) => settings, entity: ({ settings }) => settings },
  store: (row, _model, settings) => void Object.assign(row, { settings }),
  heads: async (em, rows) => {
    const uses = await usesOf(
      em,
      rows.map(({ pk }) => pk),
    );
    return (row) => headOf(row, modelOf(row.kind), uses.get(row.pk) ?? 0);
  },
  // Bindings of a policy go with it; prompt stages ask it no more.
  letGo: async (em, pk) => {
    await em.execute(
      `update stage set settings = jsonb_set(settings, '{validation_policies}', (settings->'validation_policies') - ?::text), updated = now()
       where kind = 'prompt' and settings->'validation_policies' @> to_jsonb(?::text)`,
      [pk, pk],
    );
  },
  uses: asking,
};

function modelOf(kind: string): PolicyModel | undefined {
  return POLICY_MODELS.find((model) => model.kind === kind);
}

/** The prompt stages that ask a policy. */
async function asking(em: EntityManager, policy: string): Promise<api.UsedBy[]> {
  const stages = await em.execute<{ pk: string; name: string }[]>(
    `select pk, name from stage where kind = 'prompt' and settings->'validation_policies' @> to_jsonb(?::text) order by name`,
    [policy],
  );
  const use = { app: 'authentik_stages_prompt', model_name: 'promptstage', action: 'CASCADE_MANY' };
  return stages.map(({ pk, name }) => ({ ...use, pk, name }));
}
