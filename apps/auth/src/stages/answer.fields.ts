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
