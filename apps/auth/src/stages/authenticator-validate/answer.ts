import {
  type AnswerField,
  type AnswerSchema,
  accepted,
  fieldError,
  isJsonObject,
  type JsonObject,
  rejected,
  text,
} from '../../plans/index.ts';
import { structure, wholeNumber } from '../answer.fields.ts';
import type { ValidateVisit } from './settings.ts';

/** What somebody answers who is asked for a second factor: one of them, or which one they want to use. */
export type ValidateAnswer = {
  readonly code: string | undefined;
  readonly webauthn: JsonObject | undefined;
  /** Key of the device. */
  readonly duo: number | undefined;
  readonly selected_challenge: JsonObject | undefined;
  readonly selected_stage: string | undefined;
  readonly non_field_errors: undefined;
};

/** Said when there is nothing in an answer to judge. */
export const EMPTY_RESPONSE = fieldError('Empty response');

/**
 * Reads what was sent, and demands it once it was sent at all. So an answer stands for itself without naming its component, and one in which
 * there is nothing says so.
 */
export function validateAnswer({ request: { answer } }: ValidateVisit): AnswerSchema<ValidateAnswer> {
  const sent = isJsonObject(answer) ? answer : {};
  const has = (name: string) => Object.hasOwn(sent, name) && sent[name] !== null && sent[name] !== '';
  const given = <T>(name: string, field: AnswerField<T>): AnswerField<T | undefined> => (has(name) ? field : nothing);
  const isEmpty = !['code', 'webauthn', 'duo', 'selected_challenge', 'selected_stage'].some(has);
  return {
    code: given('code', text()),
    webauthn: given('webauthn', structure()),
    duo: given('duo', wholeNumber()),
    selected_challenge: given('selected_challenge', structure()),
    selected_stage: given('selected_stage', text()),
    non_field_errors: isEmpty ? () => rejected(EMPTY_RESPONSE) : nothing,
  };
}

function nothing(): ReturnType<AnswerField<undefined>> {
  return accepted(undefined);
}
