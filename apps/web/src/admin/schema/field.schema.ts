import { listOf, numberOf, optionalText, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';

/** What a field holds, as far as a table or a form has to know. */
export type FieldKind = 'text' | 'number' | 'flag' | 'time' | 'choice' | 'choices' | 'list' | 'json';

/** A field of an object, as the OpenAPI document describes it. */
export type FieldSchema = {
  readonly name: string;
  /** The name of a field that means the same, where this one's says less. */
  readonly as?: string;
  readonly kind: FieldKind;
  /** `email`, `uri`, `uuid` and the like; of its members where it is a list. */
  readonly format?: string;
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  readonly isReadOnly: boolean;
  /** Whether numbers are in it, alone or in a list. */
  readonly isNumeric: boolean;
  /** Values of a choice; empty for anything else. */
  readonly choices: readonly string[];
  readonly maxLength?: number;
  /** What the document calls it. */
  readonly title?: string;
  /** What it is, in a sentence; the document's words for machines are left out. */
  readonly help: string;
};

/** Looks up what `$ref` names. */
export type Resolve = (schema: Wire) => Wire;

/** The fields of an object's schema, in the order of the document. */
export function fieldsOf(schema: Wire, resolve: Resolve): readonly FieldSchema[] {
  const object = resolve(schema);
  const required = new Set(listOf(object, 'required', String));
  return Object.entries(wireOf(object.properties)).map(([name, field]) =>
    fieldOf(name, wireOf(field), required.has(name), resolve),
  );
}

/** A single field, or parameter. */
export function fieldOf(name: string, field: Wire, isRequired: boolean, resolve: Resolve): FieldSchema {
  const value = { ...resolve(field), ...field };
  const items = resolve(wireOf(value.items));
  const kind = kindOf(value, items);
  const known = kind === 'choices' ? items : value;
  return {
    name,
    kind,
    format: optionalText(kind === 'list' ? items : value, 'format'),
    isRequired,
    isNullable: value.nullable === true,
    isReadOnly: value.readOnly === true,
    isNumeric: [value.type, items.type].some((type) => type === 'integer' || type === 'number'),
    choices: listOf(known, 'enum', String),
    maxLength: numberOf(value, 'maxLength') || undefined,
    title: optionalText(value, 'title'),
    help: helpIn(textOf(value, 'description')),
  };
}

function kindOf(value: Wire, items: Wire): FieldKind {
  if (Array.isArray(value.enum)) return 'choice';
  if (value.type === 'array') return Array.isArray(items.enum) ? 'choices' : items.type === 'object' ? 'json' : 'list';
  if (value.type === 'boolean') return 'flag';
  if (value.type === 'integer' || value.type === 'number') return 'number';
  if (value.type !== 'string') return 'json';
  return value.format === 'date-time' ? 'time' : 'text';
}

const MARK = /^(Required|Optional|Output only|Input only|Immutable)\.\s*/;
/** The values that a choice shows anyway. */
const VALUES = /\s*(Each )?one of `[^.]*\./gi;

function helpIn(description: string): string {
  let text = description;
  while (MARK.test(text)) text = text.replace(MARK, '');
  return text.replace(VALUES, '').replaceAll('`', '').trim();
}
