import {
  type ContextPatch,
  fieldError,
  type JsonValue,
  type StageOutcome,
  type StageVisit,
} from '../../plans/index.ts';
import type { PromptPolicies, StagePasswords, UserDirectory } from '../stage.ports.ts';
import type { ShownPrompt } from './challenge.ts';
import type { PromptSettings } from './settings.ts';

/** What an answer to prompts holds: a value for each field key. */
export type PromptAnswer = { readonly [fieldKey: string]: JsonValue };

/** What judging an answer needs. */
export type PromptJudge = {
  readonly passwords: Pick<StagePasswords, 'hash'>;
  readonly directory: Pick<UserDirectory, 'isUsernameTaken'>;
  readonly policies: PromptPolicies;
};

/** Judges a well-formed answer as a whole, and keeps it in the plan: of a new password nothing but its hash. */
export async function collect(
  { settings, context, request, flow }: StageVisit<PromptSettings>,
  prompts: readonly ShownPrompt[],
  answer: PromptAnswer,
  { passwords, directory, policies }: PromptJudge,
): Promise<StageOutcome> {
  const own = context.pending_user?.username ?? request.requester?.username;
  for (const { fieldKey } of prompts.filter(({ type }) => type === 'username')) {
    if (answer[fieldKey] === null) continue;
    const name = String(answer[fieldKey]);
    if (name !== own && (await directory.isUsernameTaken(request.tenant, name))) {
      return { kind: 'refused', errors: { [fieldKey]: [fieldError('Username is already taken.')] } };
    }
  }
  const asked = prompts.filter(({ type }) => type === 'password').map(({ fieldKey }) => fieldKey);
  const [first, second] = asked;
  if (first !== undefined && second !== undefined && asked.length === 2 && answer[first] !== answer[second]) {
    return { kind: 'refused', errors: { non_field_errors: [fieldError("Passwords don't match.")] } };
  }
  // What is to be somebody's password is one, whatever the prompt calls itself.
  const secrets = prompts.map(({ fieldKey }) => fieldKey).filter((key) => key === 'password' || asked.includes(key));
  if (settings.validation_policies.length > 0) {
    const told = { data: answer, secrets, context, flow: flow.pk, request };
    const { passing, messages } = await policies.validate(settings.validation_policies, told);
    if (!passing) {
      // A policy may refuse without a word: the errors are there, and empty.
      const reasons = messages.map((message) => fieldError(message));
      return { kind: 'refused', errors: reasons.length === 0 ? {} : { non_field_errors: reasons } };
    }
  }
  return { kind: 'passed', context: await kept(context.prompt_data, answer, secrets, passwords) };
}

/** Fields of type password never enter the plan; the one called `password` leaves its hash there. */
async function kept(
  before: PromptAnswer | undefined,
  answer: PromptAnswer,
  secrets: readonly string[],
  passwords: Pick<StagePasswords, 'hash'>,
): Promise<ContextPatch> {
  const open = Object.entries(answer).filter(([key, value]) => !secrets.includes(key) && value !== null);
  const password = secrets.includes('password') ? answer.password : undefined;
  return {
    prompt_data: { ...before, ...Object.fromEntries(open) },
    ...(typeof password === 'string' ? { new_password_hash: await passwords.hash(password) } : {}),
  };
}
