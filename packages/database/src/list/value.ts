import { invalidField } from '@postern/errors';

/** Reads one value of a filter; throws a field error that names the parameter. */
export type Parse<Value> = (value: unknown, parameter: string) => Value;

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const MAX_INTEGER = 2 ** 31 - 1;

/** Whether a text is a UUID, with dashes or without. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** Whether a value is an integer that fits a column. */
export function isInteger(value: unknown): boolean {
  return /^-?\d+$/.test(String(value)) && Math.abs(Number(value)) <= MAX_INTEGER;
}

/** Any value, as text. The database stores no NUL, so nothing equals a text that has one. */
export const asText: Parse<string> = (value) => String(value).replaceAll('\0', '');

export const asUuid: Parse<string> = (value, parameter) => {
  if (!isUuid(value)) throw invalidField(parameter, 'Enter a valid UUID.');
  return value;
};

export const asNumber: Parse<number> = (value, parameter) => {
  if (!isInteger(value)) throw invalidField(parameter, 'Enter a number.');
  return Number(value);
};

/** One of a fixed set. */
export function asChoice(choices: readonly string[]): Parse<string> {
  return (value, parameter) => {
    const text = String(value);
    if (choices.includes(text)) return text;
    throw invalidField(parameter, `Select a valid choice. ${text} is not one of the available choices.`);
  };
}

/** `true` and `false` in any case; anything else is no answer, and its filter does not apply. */
export function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = String(value).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
