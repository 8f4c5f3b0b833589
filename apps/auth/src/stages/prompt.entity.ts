import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** A field that prompt stages ask for. */
export const PromptEntity = defineEntity({
  name: 'Prompt',
  tableName: 'prompt',
  properties: {
    ...tenantTable(),
    name: p.text(),
    fieldKey: p.text(),
    label: p.text(),
    type: p.text(),
    required: p.boolean().default(true),
    placeholder: p.text().default(''),
    initialValue: p.text().default(''),
    subText: p.text().default(''),
    order: p.integer().default(0),
    placeholderExpression: p.boolean().default(false),
    initialValueExpression: p.boolean().default(false),
  },
});

export type PromptRow = InferEntity<typeof PromptEntity>;
