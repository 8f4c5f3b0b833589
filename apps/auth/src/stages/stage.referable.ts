import { type Referable, referable } from '@postern/database';
import { PromptEntity } from './prompt.entity.ts';
import { StageEntity } from './stage.entity.ts';
import { STAGE_FAMILIES, type StageFamily } from './stage.families.ts';

type Condition = Readonly<Record<string, unknown>>;

const IN_SETTINGS = 'settings.';

/** Stages of all kinds and prompts, as objects that others refer to and that refer to others. */
export const STAGE_REFERABLES: readonly Referable[] = [
  referable({ model: 'authentik_flows.stage', entity: StageEntity, title: ({ name }) => name }),
  referable({
    model: 'authentik_stages_prompt.prompt',
    entity: PromptEntity,
    type: 'postern.auth.v1.Prompt',
    title: ({ name, type }) => `Prompt field '${name}' type ${type}`,
  }),
  ...STAGE_FAMILIES.map(ofKind),
];

/** Stages of one kind. What they refer to lies in their settings: single keys only, lists are looked after by their own features. */
function ofKind({ model }: StageFamily): Referable {
  const name = model.kind.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const type = `postern.auth.v1.${name}Stage`;
  const base = referable({ model: model.model, entity: StageEntity, type, title: (row) => row.name });
  const links = Object.keys(model.links);
  const within = (where: Condition): Condition => ({ kind: model.kind, ...nested(where) });
  return {
    ...base,
    propertyOf: (_em, field) => (links.includes(field) ? `${IN_SETTINGS}${field}` : undefined),
    find: (em, where) => base.find(em, within(where)),
    remove: (em, where) => base.remove(em, within(where)),
    change: async (em, where, values) => {
      const cleared = Object.keys(values).map((property) => property.slice(IN_SETTINGS.length));
      const rows = await em.find(StageEntity, within(where));
      for (const row of rows) {
        row.settings = Object.fromEntries(Object.entries(row.settings).filter(([key]) => !cleared.includes(key)));
      }
      await em.flush();
      return rows.length;
    },
  };
}

/** `settings.x` of a condition as the mapper says it. */
function nested(where: Condition): Condition {
  const parts = Object.entries(where).map(([key, value]): Condition => {
    return key.startsWith(IN_SETTINGS) ? { settings: { [key.slice(IN_SETTINGS.length)]: value } } : { [key]: value };
  });
  return Object.assign({}, ...parts);
}
