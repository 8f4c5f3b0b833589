import { isJsonObject, type JsonObject } from '../../plans/index.ts';
import type { Field } from '../headless.fields.ts';
import { invalid, problem } from '../headless.problems.ts';

/** What a browser made or answered: an object, or the text of one. */
export function credentialField(): Field<JsonObject> {
  return (raw, param) => {
    if (isMissing(raw)) return { problems: [problem('required', param)] };
    const given = typeof raw === 'string' ? parsed(raw) : raw;
    return isJsonObject(given) ? { value: given } : { problems: [invalid(param, 'Enter a valid JSON.')] };
  };
}

function isMissing(raw: unknown): boolean {
  if (raw === undefined || raw === null || raw === '') return true;
  return typeof raw === 'object' && Object.keys(raw).length === 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NOT_AVAILABLE = 'Select a valid choice. That choice is not one of the available choices.';

/** Said of a passkey that they do not have. */
export function unknownKey(param: string) {
  return { message: NOT_AVAILABLE, code: 'invalid_choice', param };
}

/** The key of a passkey. */
export function keyField(): Field<number> {
  return (raw, param) => {
    if (raw === undefined || raw === null || raw === '') return { problems: [problem('required', param)] };
    const key = keyIn(raw);
    return key === undefined ? { problems: [unknownKey(param)] } : { value: key };
  };
}

/** Keys of passkeys, at least one. */
export function keysField(): Field<readonly number[]> {
  return (raw, param) => {
    if (isMissing(raw)) return { problems: [problem('required', param)] };
    if (!Array.isArray(raw)) return { problems: [{ message: 'Enter a list of values.', code: 'invalid_list', param }] };
    const wrong: unknown[] = raw.filter((one) => keyIn(one) === undefined);
    if (wrong.length === 0) return { value: raw.flatMap((one) => keyIn(one) ?? []) };
    const message = `“${String(wrong[0])}” is not a valid value.`;
    return { problems: [{ message, code: 'invalid_pk_value', param }] };
  };
}

function keyIn(raw: unknown): number | undefined {
  const key = typeof raw === 'string' && /^\d+$/.test(raw) ? Number(raw) : raw;
  return typeof key === 'number' && Number.isSafeInteger(key) ? key : undefined;
}
