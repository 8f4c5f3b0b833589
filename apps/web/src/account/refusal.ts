import type { ResponseErrors } from '../executor/challenge.types.ts';
import type { Failure } from '../executor/executor.client.ts';
import type { Change } from '../settings/outcome.ts';
import { isAccepted, isReauthenticationDue, type Message, responseErrors } from './headless.message.ts';
import type { AccountMessages } from './messages/account.messages.ts';

/** Why something was not done. */
export type Refusal = { readonly failure?: Failure; readonly errors?: ResponseErrors };

/** What an answer refuses, in words; undefined when it refuses nothing. */
export function refusalOf(message: Message, words: AccountMessages): Refusal | undefined {
  const { status, problems } = message;
  if (status === 0) return { failure: 'network' };
  if (status >= 500) return { failure: 'server' };
  if (isReauthenticationDue(message)) return whole(words.refusals.unconfirmed);
  if (isAccepted(message)) return undefined;
  if (problems.length > 0) return { errors: responseErrors(message, words.problems) };
  return whole(REFUSALS.get(status)?.(words) ?? words.refusals.other);
}

/** The same for dialogs. */
export function changeOf(message: Message, words: AccountMessages): Change {
  const refusal = refusalOf(message, words);
  return refusal ? { ok: false, ...refusal } : { ok: true, body: message.data };
}

const REFUSALS: ReadonlyMap<number, (words: AccountMessages) => string> = new Map([
  [403, ({ refusals }) => refusals.forbidden],
  [404, ({ refusals }) => refusals.missing],
  [409, ({ refusals }) => refusals.over],
  [429, ({ refusals }) => refusals.tooMany],
]);

function whole(string: string): Refusal {
  return { errors: { non_field_errors: [{ string, code: 'refused' }] } };
}
