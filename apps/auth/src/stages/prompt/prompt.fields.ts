import {
  type AnswerField,
  accepted,
  BLANK,
  fieldError,
  flag,
  type JsonValue,
  NULL,
  REQUIRED,
  rejected,
  text,
} from '../../plans/index.ts';
import type { ShownPrompt } from './challenge.ts';

const DATE = 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.';
const DATE_TIME =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].';
const EMAIL = /^[^\s@"(),:;<>[\]\\]+@[^\s@.]+(\.[^\s@.]+)+$/;
const ISO_DATE_TIME =
  /^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,6})?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?$/;

/**
 * What an answer to a prompt must look like. A prompt with an initial value may be left out: the value then stands, as it is. Null is no value of any kind.
 */
export function promptField(prompt: ShownPrompt): AnswerField<JsonValue> {
  if (isFixed(prompt)) return () => accepted(fixedValue(prompt));
  const read = fieldOfType(prompt);
  return (value) => {
    if (value === null) return rejected(NULL);
    if (value !== undefined) return read(value);
    if (prompt.initialValue !== '' && prompt.type !== 'password') return accepted(prompt.initialValue);
    if (prompt.type === 'checkbox') return accepted(false);
    return prompt.required && !NEVER_REQUIRED.has(prompt.type) ? rejected(REQUIRED) : accepted(null);
  };
}

const NEVER_REQUIRED: ReadonlySet<string> = new Set(['checkbox', 'separator', 'ak-locale']);

/** The server says what these hold, whatever was sent. */
function isFixed({ type }: ShownPrompt): boolean {
  return ['hidden', 'static', 'text_read_only', 'text_area_read_only'].includes(type);
}

function fixedValue({ type, initialValue, placeholder }: ShownPrompt): string {
  if (initialValue !== '') return initialValue;
  return type === 'hidden' || type === 'static' ? placeholder : '';
}

function fieldOfType(prompt: ShownPrompt): AnswerField<JsonValue> {
  switch (prompt.type) {
    case 'checkbox':
      return flag();
    case 'number':
      return integer;
    case 'email':
      return shaped(prompt, EMAIL, 'Enter a valid email address.');
    case 'date':
      return (value) => (isDate(value) ? accepted(value) : rejected(fieldError(DATE)));
    case 'date-time':
      return (value) => (isDateTime(value) ? accepted(value) : rejected(fieldError(DATE_TIME)));
    case 'file':
      return file;
    case 'radio-button-group':
    case 'dropdown':
      return choice(prompt);
    case 'username':
    case 'password':
    case 'separator':
      return text({ trim: true });
    case 'ak-locale':
      return text({ blank: true, trim: true });
    default:
      return text({ blank: !prompt.required });
  }
}

const integer: AnswerField<JsonValue> = (value) => {
  // A fraction of nothing but zeros is none.
  const read =
    typeof value === 'string' && /^\s*-?\d{1,16}(?:\.0*)?\s*$/.test(value) ? Number(value) : (value ?? Number.NaN);
  return typeof read === 'number' && Number.isSafeInteger(read)
    ? accepted(read)
    : rejected(fieldError('A valid integer is required.'));
};

function shaped(prompt: ShownPrompt, shape: RegExp, message: string): AnswerField<JsonValue> {
  const read = text({ trim: true, blank: !prompt.required });
  return (value) => {
    const result = read(value);
    if (!result.ok || result.value === '' || shape.test(result.value)) return result;
    return rejected(fieldError(message));
  };
}

function isDate(value: JsonValue | undefined): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const read = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(value);
}

function isDateTime(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && ISO_DATE_TIME.test(value) && isDate(value.slice(0, 10));
}

const file: AnswerField<JsonValue> = (value) => {
  const result = text({ trim: true })(value);
  if (!result.ok) return result;
  if (!result.value.startsWith('data:')) return rejected(fieldError('Invalid scheme'));
  return /^data:[^,]*;base64,/.test(result.value) ? result : rejected(fieldError('Invalid encoding'));
};

function choice({ choices, required }: ShownPrompt): AnswerField<JsonValue> {
  return (value) => {
    if (value === '') return required ? rejected(BLANK) : accepted('');
    const chosen = typeof value === 'number' ? String(value) : value;
    if (typeof chosen === 'string' && choices?.includes(chosen)) return accepted(chosen);
    return rejected(fieldError(`"${shown(value)}" is not a valid choice.`, 'invalid_choice'));
  };
}

function shown(value: JsonValue | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
