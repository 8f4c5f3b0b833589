import type { Answer, PromptField } from '../executor/challenge.types.ts';

/** Fields that only show something, or whose value the server ignores. */
const SILENT = new Set(['separator', 'static', 'hidden', 'text_read_only', 'text_area_read_only']);
/** For these the server takes "absent" but not "blank" when they are optional. */
const ABSENT_WHEN_BLANK = new Set(['username', 'password', 'file', 'number', 'date', 'date-time', 'email']);

/** The answer to a prompt, each value in the type that the server expects of its field. */
export async function promptAnswer(fields: readonly PromptField[], form: FormData): Promise<Answer> {
  const answer: Record<string, string | number | boolean> = {};
  for (const field of fields) {
    if (SILENT.has(field.type)) continue;
    const value = form.get(field.field_key);
    if (field.type === 'checkbox') answer[field.field_key] = value !== null;
    else if (value instanceof File) {
      if (value.size > 0) answer[field.field_key] = await dataUri(value);
    } else if (value !== null && !(value === '' && ABSENT_WHEN_BLANK.has(field.type))) {
      answer[field.field_key] = typed(field.type, value);
    }
  }
  return answer;
}

function typed(type: string, value: string): string | number {
  if (type === 'number') return Number(value);
  return type === 'date-time' ? new Date(value).toISOString() : value;
}

async function dataUri(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return `data:${file.type || 'application/octet-stream'};base64,${btoa(binary)}`;
}

/** An RFC 3339 time as the local wall time that a `datetime-local` input takes; blank when it is no time. */
export function localDateTime(value: string): string {
  const time = new Date(value);
  if (value === '' || Number.isNaN(time.getTime())) return '';
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
