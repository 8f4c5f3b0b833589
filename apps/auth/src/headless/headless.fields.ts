import { isAddress, LONGEST_ADDRESS } from '../mailboxes/index.ts';
import { invalid, type Problem, problem } from './headless.problems.ts';

/** Reads one field of a body: its value, or what is wrong with it. */
export type Field<Value> = (
  raw: unknown,
  param: string,
) => { readonly value: Value } | { readonly problems: readonly Problem[] };

/** Fields of a body by name, in the order in which their problems are told. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a body says. */
export type ValuesOf<Form extends Fields> = {
  readonly [Name in keyof Form]: Form[Name] extends Field<infer Value> ? Value : never;
};

/** Reads a body: all that is wrong with all of its fields at once. What no field is named after does not count. */
export function readFields<Form extends Fields>(
  form: Form,
  body: Readonly<Record<string, unknown>>,
): { readonly values: ValuesOf<Form> } | { readonly problems: readonly Problem[] } {
  const values: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, read] of Object.entries(form)) {
    const found = read(body[name], name);
    if ('problems' in found) problems.push(...found.problems);
    else values[name] = found.value;
  }
  // Every field of the form was read, and none was wrong.
  return problems.length > 0 ? { problems } : { values: values as ValuesOf<Form> };
}

const NUL = '\0';
const LONGEST_TEXT = 4096;

/** Text without the spaces around it; numbers and the like count as their text. */
function textOf(raw: unknown): string {
  if (raw === undefined || raw === null) return '';
  return (typeof raw === 'object' ? JSON.stringify(raw) : String(raw)).trim();
}

/** A text that has to be there. */
export function text(longest = LONGEST_TEXT): Field<string> {
  return (raw, param) => {
    const value = textOf(raw);
    if (value === '') return { problems: [problem('required', param)] };
    return checked(value, param, longest);
  };
}

/** A text that may be missing: empty then. */
export function optionalText(longest = LONGEST_TEXT): Field<string> {
  return (raw, param) => checked(textOf(raw), param, longest);
}

function checked(value: string, param: string, longest: number) {
  if (value.includes(NUL)) return { problems: [problem('null_characters_not_allowed', param)] };
  if (value.length <= longest) return { value };
  const message = `Ensure this value has at most ${longest} characters (it has ${value.length}).`;
  return { problems: [{ message, code: 'max_length', param }] };
}

/** An address, in lower case. */
export function email(): Field<string> {
  return (raw, param) => {
    const found = text(LONGEST_ADDRESS)(raw, param);
    if ('problems' in found) return found;
    const value = found.value.toLowerCase();
    return isAddress(value) ? { value } : { problems: [invalid(param, 'Enter a valid email address.')] };
  };
}

/** The same where it may be missing: empty then. */
export function optional(field: Field<string>): Field<string> {
  return (raw, param) => (textOf(raw) === '' ? { value: '' } : field(raw, param));
}

const PHONE = /^\+[1-9]\d{5,14}$/;

/** A phone number with its country code. */
export function phone(): Field<string> {
  return (raw, param) => {
    const found = text()(raw, param);
    if ('problems' in found) return found;
    return PHONE.test(found.value) ? found : { problems: [problem('invalid_phone', param)] };
  };
}

/** A yes that may be missing: no then. */
export function flag(): Field<boolean> {
  return (raw) => ({ value: raw === true || raw === 'true' || raw === 1 || raw === '1' });
}
