import type { ResponseErrors } from '../executor/challenge.types.ts';
import type { Messages } from '../messages/messages.ts';

export type FieldErrors = Readonly<Record<string, readonly string[]>>;

type Checked = Pick<HTMLInputElement, 'name' | 'type' | 'validity' | 'validationMessage'>;

/** What can be said without asking the server: a blank password would count as a failed attempt there. */
export function errorsOf(controls: Iterable<Checked>, messages: Messages): FieldErrors {
  const errors: Record<string, string[]> = {};
  for (const control of controls) {
    if (control.name !== '' && !control.validity.valid) errors[control.name] = [messageFor(control, messages)];
  }
  return errors;
}

function messageFor({ validity, type, validationMessage }: Checked, messages: Messages): string {
  if (validity.badInput || validity.stepMismatch) return messages.invalidNumber;
  if (validity.valueMissing) return messages.required;
  if (validity.patternMismatch) return messages.invalidCode;
  if (validity.typeMismatch && type === 'email') return messages.invalidEmail;
  return validationMessage;
}

/** The server's errors split into those of fields on the form and the sentences for the form as a whole. */
export function splitErrors(errors: ResponseErrors | undefined, fields: ReadonlySet<string>, messages: Messages) {
  const byField: Record<string, readonly string[]> = {};
  const general: string[] = [];
  for (const [field, details] of Object.entries(errors ?? {})) {
    const texts = details.map(({ string }) => serverText(string, messages));
    if (fields.has(field)) byField[field] = texts;
    else general.push(...texts);
  }
  const silent = errors !== undefined && general.length === 0 && Object.keys(byField).length === 0;
  return { byField, general: silent ? [messages.answerRefused] : general };
}

/** What the server says, in the language of the page where the catalogue has it. */
export function serverText(text: string, { serverTexts }: Messages): string {
  return Object.hasOwn(serverTexts, text) ? (serverTexts[text] ?? text) : text;
}
