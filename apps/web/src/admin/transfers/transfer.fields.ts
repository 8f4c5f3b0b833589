import type { FieldSchema } from '../schema/field.schema.ts';

/** Fields of operations that are not in the OpenAPI document, for the same form. */
export function choiceField(name: string, choices: readonly string[], title: string): FieldSchema {
  return { ...PLAIN, name, title, kind: 'choice', choices, isRequired: true };
}

export function flagField(name: string, title: string, help: string): FieldSchema {
  return { ...PLAIN, name, title, kind: 'flag', help };
}

const PLAIN: FieldSchema = {
  name: '',
  kind: 'text',
  isRequired: false,
  isNullable: false,
  isReadOnly: false,
  isNumeric: false,
  choices: [],
  help: '',
};
