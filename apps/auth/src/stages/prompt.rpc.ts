import { defineList, type EntityManager, exact, getOr404, type PlainRow } from '@postern/database';
import { common, invalidField } from '@postern/errors';
import { type api, auth } from '@postern/proto';
import { eventContext, modelFact, type Resource, standardMethods } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { type PromptPreviewDeps, previewPrompt } from './prompt/index.ts';
import { PromptEntity, type PromptRow } from './prompt.entity.ts';
import { headOf } from './stage.codec.ts';
import { StageEntity } from './stage.entity.ts';
import { modelOf } from './stage.families.ts';
import type { FlowSets, StageMethodDeps } from './stage-methods.rpc.ts';

/** Prompts as a resource. */
function prompts(flowSets: FlowSets): Resource<PromptRow, auth.Prompt> {
  return {
    model: 'authentik_stages_prompt.prompt',
    type: 'postern.auth.v1.Prompt',
    subject: 'auth.v1.prompt',
    entity: PromptEntity,
    list: defineList({
      entity: PromptEntity,
      filters: {
        field_key: exact('fieldKey'),
        label: exact('label'),
        name: exact('name'),
        placeholder: exact('placeholder'),
        type: exact('type'),
      },
      search: ['name', 'fieldKey', 'label', 'type', 'placeholder'],
      ordering: { name: 'name', field_key: 'fieldKey', label: 'label', type: 'type', order: 'order' },
      defaultOrder: ['name'],
    }),
    fields: {
      name: 'name',
      field_key: 'fieldKey',
      label: 'label',
      type: 'type',
      required: 'required',
      placeholder: 'placeholder',
      initial_value: 'initialValue',
      order: 'order',
      sub_text: 'subText',
      placeholder_expression: 'placeholderExpression',
      initial_value_expression: 'initialValueExpression',
    },
    title: ({ name, type }) => `Prompt field '${name}' type ${type}`,
    encode: async (rows, { em }) => {
      const stages = await stagesOf(em, rows, flowSets);
      return rows.map((row) => messageOf(row, stages.get(row.pk) ?? []));
    },
    constraints: { prompt__name: () => invalidField('name', 'This field must be unique.', 'PROMPT_NAME_TAKEN') },
  };
}

/** Serves prompts. */
export function createPromptRpc(deps: StageMethodDeps & PromptPreviewDeps): BoundService {
  const methods = standardMethods(deps, prompts(deps.flowSets));
  return bind(auth.PromptServiceDefinition, {
    listPrompts: methods.list,
    createPrompt: ({ prompt }, call) => methods.create(prompt, call),
    getPrompt: ({ prompt_uuid }, call) => methods.get(prompt_uuid, call),
    updatePrompt: ({ prompt_uuid, prompt, update_mask }, call) =>
      methods.update(prompt_uuid, prompt, update_mask, call),
    deletePrompt: ({ prompt_uuid }, call) =>
      deps.db.write(call.context, async (em) => {
        const prompt = await getOr404(em, PromptEntity, prompt_uuid);
        await em.execute(
          "update stage set settings = jsonb_set(settings, '{fields}', (settings->'fields') - ?::text) where settings->'fields' @> to_jsonb(?::text)",
          [prompt.pk, prompt.pk],
        );
        const object = { model: 'authentik_stages_prompt.prompt', pk: prompt.pk, name: prompt.name };
        await deps.outbox.record(em, eventContext(call), modelFact('auth.v1.prompt', 'deleted', object));
        em.remove(prompt);
        return {};
      }),
    previewPrompt: async ({ prompt }, call) => {
      if (prompt === undefined) throw common.INVALID_ARGUMENT();
      return previewPrompt(prompt, call, deps);
    },
    listPromptUsedBy: async ({ prompt_uuid }, call) => {
      const { items } = await methods.usedBy(prompt_uuid, call);
      const stages = await deps.db.read(call.context, (em) => showing(em, prompt_uuid));
      return { items: [...items, ...stages] };
    },
  });
}

/** The stages that a prompt would be missing from. */
async function showing(em: EntityManager, prompt: string): Promise<api.UsedBy[]> {
  const stages = await em.execute<{ pk: string; name: string }[]>(
    "select pk, name from stage where kind = 'prompt' and settings->'fields' @> to_jsonb(?::text) order by name",
    [prompt],
  );
  const use = { app: 'authentik_stages_prompt', model_name: 'promptstage', action: 'CASCADE_MANY' };
  return stages.map(({ pk, name }) => ({ ...use, pk, name }));
}

/** The stages that show each prompt of a page. */
async function stagesOf(em: EntityManager, rows: readonly PlainRow<PromptRow>[], flowSets: FlowSets) {
  const stages = await em.find(StageEntity, { kind: 'prompt' }, { orderBy: { name: 'asc' } });
  const flows = await flowSets(
    em,
    stages.map(({ pk }) => pk),
  );
  const shown = new Map<string, auth.Stage[]>();
  for (const { pk } of rows) {
    const showing = stages.filter(({ settings }) => Array.isArray(settings.fields) && settings.fields.includes(pk));
    shown.set(
      pk,
      showing.map((stage) => headOf(stage, modelOf('prompt'), flows.get(stage.pk) ?? [])),
    );
  }
  return shown;
}

function messageOf(row: PlainRow<PromptRow>, promptstage_set: auth.Stage[]): auth.Prompt {
  const { pk, name, label, type, required, placeholder, order } = row;
  return {
    pk,
    name,
    field_key: row.fieldKey,
    label,
    type,
    required,
    placeholder,
    initial_value: row.initialValue,
    order,
    promptstage_set,
    sub_text: row.subText,
    placeholder_expression: row.placeholderExpression,
    initial_value_expression: row.initialValueExpression,
  };
}
