import {
  type AnswerField,
  accepted,
  fieldError,
  isJsonObject,
  type JsonObject,
  NULL,
  REQUIRED,
  rejected,
} from '../plans/index.ts';

/** A JSON object, such as what a browser's authenticator answered. */
export function structure(): AnswerField<JsonObject> {
  return (value) => {
    if (value === undefined) return rejected(REQUIRED);
    if (value === null) return rejected(NULL);
    if (isJsonObject(value)) return accepted(value);
    return rejected(fieldError('Expected a dictionary of items.', 'not_a_dict'));
  };
}

/** A whole number, or its digits as a text. Zeros in front and spaces between digits do not count. */
export function wholeNumber(): AnswerField<number> {
  return (value) => {
    if (value === undefined) return rejected(REQUIRED);
    if (value === null) return rejected(NULL);
    const digits = typeof value === 'string' ? value.replaceAll(/\s/g, '') : value;
    const read = typeof digits === 'string' && /^\d{1,15}$/.test(digits) ? Number(digits) : digits;
    return Number.isSafeInteger(read) ? accepted(Number(read)) : rejected(fieldError('A valid integer is required.'));
  };
}
