import type { ResponseErrors } from '../executor/challenge.types.ts';
import { flagOf, listOf, optionalText, textOf, type Wire, wireOf } from '../executor/wire.codec.ts';

/** One thing that is wrong with what was sent. */
export type Problem = { readonly message: string; readonly code: string; readonly param?: string };

/** An answer of the headless API. `status` is 0 when nothing came back, or nothing that is an answer. */
export type Message = {
  readonly status: number;
  /** A list or an object, as the operation has it. */
  readonly data: unknown;
  readonly meta: Wire;
  readonly problems: readonly Problem[];
};

/** No answer at all. */
export const SILENCE: Message = { status: 0, data: undefined, meta: {}, problems: [] };

/** Reads an answer. What has no JSON body, such as a refused request, keeps its status. */
export function decodeMessage(status: number, body: unknown): Message {
  const { data, meta, ...wire } = wireOf(body);
  return { status, data, meta: wireOf(meta), problems: listOf(wire, 'errors', decodeProblem) };
}

function decodeProblem(value: unknown): Problem {
  const wire = wireOf(value);
  return { message: textOf(wire, 'message'), code: textOf(wire, 'code'), param: optionalText(wire, 'param') };
}

/** Whether it did what was asked, or told the step that comes next. */
export function isAccepted({ status }: Message): boolean {
  return (status >= 200 && status < 300) || status === 401;
}

/** Whether somebody is signed in who has to show once more who they are. */
export function isReauthenticationDue({ status, meta }: Message): boolean {
  return status === 401 && flagOf(meta, 'is_authenticated');
}

/** What is wrong by field, as forms show it; what is wrong with the whole has no field's name. Sentences are found by their code. */
export function responseErrors({ problems }: Message, words: Readonly<Record<string, string>>): ResponseErrors {
  const byField: Record<string, { string: string; code: string }[]> = {};
  for (const { message, code, param = 'non_field_errors' } of problems) {
    const said = Object.hasOwn(words, code) ? (words[code] ?? message) : message;
    byField[param] = [...(byField[param] ?? []), { string: said, code }];
  }
  return byField;
}
