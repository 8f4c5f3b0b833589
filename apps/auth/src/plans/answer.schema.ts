import type { ResponseErrors } from './challenge.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** One thing that is wrong with a value. */
export type FieldError = { readonly string: string; readonly code: string };

/** A value that was read, or what is wrong with it. */
export type FieldResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Reads one field of an answer; `undefined` stands for a field that was not sent. */
export type AnswerField<T> = (value: JsonValue | undefined) => FieldResult<T>;

/** What a stage accepts as an answer: its fields by name. */
export type AnswerSchema<A> = { readonly [K in keyof A]: AnswerField<A[K]> };

/** A parsed answer, or the errors to send back. */
export type Parsed<A> =
  | { readonly ok: true; readonly value: A }
  | { readonly ok: false; readonly errors: ResponseErrors };

/** A field error with its code. */
export function fieldError(string: string, code = 'invalid'): FieldError {
  return { string, code };
}

export const REQUIRED: FieldError = fieldError('This field is required.', 'required');
export const BLANK: FieldError = fieldError('This field may not be blank.', 'blank');
export const NULL: FieldError = fieldError('This field may not be null.', 'null');

/** A value that was read. */
export function accepted<T>(value: T): FieldResult<T> {
  return { ok: true, value };
}

/** A value that is refused. */
export function rejected<T>(error: FieldError): FieldResult<T> {
  return { ok: false, errors: [error] };
}

/** Rules of a text field. Unset: required, not blank, not trimmed. */
export type TextRules = { readonly trim?: boolean; readonly blank?: boolean };

/** A text. Numbers are read as their digits, as clients send them; lists, objects and booleans are refused. */
export function text(rules: TextRules = {}): AnswerField<string> {
  return (value) => {
    if (value === undefined) return rejected(REQUIRED);
    if (value === null) return rejected(NULL);
    if (typeof value !== 'string' && typeof value !== 'number') return rejected(fieldError('Not a valid string.'));
    const read = rules.trim === true ? String(value).trim() : String(value);
    if (read.includes('\u0000'))
      return rejected(fieldError('Null characters are not allowed.', 'null_characters_not_allowed'));
    return read === '' && rules.blank !== true ? rejected(BLANK) : accepted(read);
  };
}

/** A field that may be left out, null or blank: all three are read as undefined. */
export function optional<T>(field: AnswerField<T>): AnswerField<T | undefined> {
  return (value) => (value === undefined || value === null || value === '' ? accepted(undefined) : field(value));
}

/** As forms and scripts spell it; a ticked box of a form says `on`. */
const YES = /^(true|t|yes|y|on|1)$/i;
const NO = /^(false|f|no|n|off|0)$/i;

/** True or false, or one of their usual spellings. */
export function flag(): AnswerField<boolean> {
  return (value) => {
    if (value === undefined) return rejected(REQUIRED);
    if (value === null) return rejected(NULL);
    if (value === true || value === 1 || (typeof value === 'string' && YES.test(value))) return accepted(true);
    if (value === false || value === 0 || (typeof value === 'string' && NO.test(value))) return accepted(false);
    return rejected(fieldError('Must be a valid boolean.'));
  };
}

/** Reads the fields of a schema out of an object; collects the errors of all of them. */
export function parseFields<A extends object>(schema: AnswerSchema<A>, answer: JsonObject): Parsed<A> {
  const errors: Record<string, readonly FieldError[]> = {};
  const values: Partial<A> = {};
  for (const name of keysOf(schema)) {
    const sent = Object.hasOwn(answer, name) ? answer[String(name)] : undefined;
    const result = schema[name](sent);
    if (result.ok) values[name] = result.value;
    else errors[String(name)] = result.errors;
  }
  return isComplete(schema, values) ? { ok: true, value: values } : { ok: false, errors };
}

function keysOf<A extends object>(schema: AnswerSchema<A>): (keyof A)[] {
  return Object.keys(schema) as (keyof A)[];
}

/** Every field of the schema was read, if only as undefined. */
function isComplete<A extends object>(schema: AnswerSchema<A>, values: Partial<A>): values is A {
  return Object.keys(schema).every((name) => Object.hasOwn(values, name));
}

/**
 * Reads a whole answer. It must be a JSON object; its `component`, when sent, must be that of the challenge it answers; and it must say
 * something: a schema that would accept `{}` takes an answer only with its component, or with a value for one of its fields. So an empty, malformed or misdirected answer is never an answer.
 */
export function parseAnswer<A extends object>(schema: AnswerSchema<A>, component: string, sent: unknown): Parsed<A> {
  const answer = sent === undefined || sent === null ? {} : sent;
  if (!isJsonObject(answer)) return refuse('non_field_errors', fieldError('Invalid data. Expected a dictionary.'));
  const claimed = Object.hasOwn(answer, 'component') ? answer.component : undefined;
  if (claimed !== undefined && claimed !== component) {
    return refuse('component', fieldError('This answer belongs to another stage.'));
  }
  if (claimed === undefined && !saysSomething(schema, answer) && parseFields(schema, {}).ok) {
    return refuse('component', REQUIRED);
  }
  return parseFields(schema, answer);
}

function saysSomething<A extends object>(schema: AnswerSchema<A>, answer: JsonObject): boolean {
  return keysOf(schema).some((name) => {
    const sent = Object.hasOwn(answer, name) ? answer[String(name)] : undefined;
    return sent !== undefined && sent !== null && sent !== '';
  });
}

function refuse(field: string, error: FieldError): { ok: false; errors: ResponseErrors } {
  return { ok: false, errors: { [field]: [error] } };
}
