import { localDateTime } from '../../form/answer.codec.ts';
import type { FieldErrors } from '../../form/field-errors.ts';
import type { FieldSchema } from '../schema/field.schema.ts';
import type { Row } from '../table/row.ts';

/** Sentences for what a browser does not find wrong by itself. */
type Sentences = { readonly noJson: string };

/**
 * What a form says, as the API takes it. Of an object that exists only what is changed is sent: what was not touched stays, a secret that is
 * never shown included. Of a new one what is empty and optional is left out, so that it gets its default.
 */
export function bodyOf(form: FormData, fields: readonly FieldSchema[], before?: Row): Row {
  const entries = fields.flatMap((field): [string, unknown][] => {
    const value = valueIn(form, field);
    if (value === undefined) return [];
    if (before) return isSame(value, before[field.name], field) ? [] : [[field.name, value]];
    return isBlank(value) && !field.isRequired ? [] : [[field.name, value]];
  });
  return Object.fromEntries(entries);
}

/** The value of a field in a form; undefined for none, where that is not a value by itself. */
function valueIn(form: FormData, { name, kind, isNullable, isNumeric }: FieldSchema): unknown {
  const text = String(form.get(name) ?? '');
  const none = isNullable ? null : undefined;
  switch (kind) {
    case 'flag':
      return form.has(name);
    case 'number':
      return text === '' ? none : Number(text);
    case 'time':
      return text === '' ? none : new Date(text).toISOString();
    case 'choice':
      return text === '' ? none : isNumeric ? Number(text) : text;
    case 'choices':
    case 'list': {
      const members = form.getAll(name).flatMap((value) => String(value).split('\n'));
      const values = members.map((value) => value.trim()).filter(Boolean);
      return isNumeric ? values.map(Number) : values;
    }
    case 'json':
      return text.trim() === '' ? (none ?? undefined) : JSON.parse(text);
    default:
      return text === '' && isNullable ? null : text;
  }
}

function isBlank(value: unknown): boolean {
  return value === '' || value === null || (Array.isArray(value) && value.length === 0);
}

/** Nothing, in whichever way, is the same as nothing. */
function isSame(value: unknown, before: unknown, field: FieldSchema): boolean {
  if (isBlank(value) && (before === undefined || isBlank(before))) return true;
  // A control shows minutes; seconds are lost there and not changed.
  if (field.kind === 'time') return textIn(value, field) === textIn(before, field);
  return JSON.stringify(value) === JSON.stringify(before);
}

/** What is wrong with what was typed, before anybody is asked. */
export function errorsIn(form: FormData, fields: readonly FieldSchema[], { noJson }: Sentences): FieldErrors {
  const wrong = fields.filter(({ name, kind }) => kind === 'json' && !isJson(String(form.get(name) ?? '')));
  return Object.fromEntries(wrong.map(({ name }) => [name, [noJson]]));
}

function isJson(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A value as a control shows it. */
export function textIn(value: unknown, { kind }: FieldSchema): string {
  if (value === null || value === undefined) return '';
  if (kind === 'time') return localDateTime(String(value));
  if (kind === 'json') return JSON.stringify(value, null, 2);
  if (Array.isArray(value)) return value.join('\n');
  return String(value);
}
