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
const ISO_DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** What an answer to a prompt must look like. A prompt with an initial value may be left out: the value then stands. */
export function promptField(prompt: ShownPrompt): AnswerField<JsonValue> {
  if (isFixed(prompt)) return () => accepted(fixedValue(prompt));
  const read = fieldOfType(prompt);
  return (value) => {
    if (value !== undefined) return read(value);
    if (prompt.initialValue !== '' && prompt.type !== 'password') return accepted(prompt.initialValue);
    if (prompt.type === 'checkbox') return accepted(false);
    return prompt.required ? rejected(REQUIRED) : accepted(null);
  };
}

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
      return (value) => (isDate(value) ? accepted(value) : empty(prompt, value, DATE));
    case 'date-time':
      return (value) => (isDateTime(value) ? accepted(value) : empty(prompt, value, DATE_TIME));
    case 'file':
      return file(prompt);
    case 'radio-button-group':
    case 'dropdown':
      return choice(prompt);
    case 'username':
    case 'password':
      return text({ trim: true });
    case 'separator':
      return (value) => (value === null ? accepted(null) : text()(value));
    case 'ak-locale':
      return (value) => (value === null ? accepted(null) : text({ blank: true })(value));
    default:
      return text({ blank: !prompt.required });
  }
}

const integer: AnswerField<JsonValue> = (value) => {
  if (value === null) return rejected(NULL);
  const read = typeof value === 'string' ? (/^-?\d+$/.test(value.trim()) ? Number(value) : Number.NaN) : value;
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

function empty(prompt: ShownPrompt, value: JsonValue | undefined, message: string) {
  if (value === null) return prompt.required ? rejected<JsonValue>(NULL) : accepted<JsonValue>(null);
  return rejected<JsonValue>(fieldError(message));
}

function isDate(value: JsonValue | undefined): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const read = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(value);
}

function isDateTime(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && ISO_DATE_TIME.test(value) && !Number.isNaN(Date.parse(value));
}

function file(prompt: ShownPrompt): AnswerField<JsonValue> {
  return (value) => {
    const result = text()(value);
    if (!result.ok) return value === null && !prompt.required ? accepted(null) : result;
    if (!result.value.startsWith('data:')) return rejected(fieldError('Invalid scheme'));
    return /^data:[^,]*;base64,/.test(result.value) ? result : rejected(fieldError('Invalid encoding'));
  };
}

function choice({ choices, required }: ShownPrompt): AnswerField<JsonValue> {
  return (value) => {
    if (value === null) return required ? rejected(NULL) : accepted(null);
    if (value === '' && !required) return accepted('');
    if (value === '') return rejected(BLANK);
    if (typeof value === 'string' && choices?.includes(value)) return accepted(value);
    return rejected(fieldError(`"${String(value)}" is not a valid choice.`, 'invalid_choice'));
  };
}
