/**
 * Asks for the fields that an administrator put together, and keeps what was told for the stages after it. Passwords are the exception:
 * they are compared, judged, hashed and forgotten within the request.
 */

import { type AnswerSchema, defineStage, readSettings, type StageKind, type StageVisit } from '../../plans/index.ts';
import type { PromptField, PromptFields } from '../stage.ports.ts';
import { promptChallenge, type ShownPrompt, showPrompt } from './challenge.ts';
import { promptField } from './prompt.fields.ts';
import { collect, type PromptAnswer, type PromptJudge } from './respond.ts';
import { type PromptSettings, promptSettings } from './settings.ts';

export { PROMPT_TYPES, type PromptType, promptModel, promptSettings } from './settings.ts';

/** What the prompt stage needs. */
export type PromptStageDeps = PromptJudge & { readonly prompts: PromptFields };

/** Creates the prompt stage. */
export function createPromptStage({ prompts, ...judge }: PromptStageDeps): StageKind {
  const shown = async ({ settings, context, request }: StageVisit<PromptSettings>): Promise<ShownPrompt[]> => {
    const fields = await prompts.load(request.tenant, settings.fields);
    return fields.map((field) => showPrompt(field, context));
  };
  return defineStage<PromptSettings, PromptAnswer>({
    kind: 'prompt',
    component: 'ak-stage-prompt',
    readSettings: (stored) => readSettings(promptSettings, stored),
    obstacle: async (settings, tenant) => unreadable(await prompts.load(tenant, settings.fields)),
    enter: async (visit) => ({ kind: 'challenge', challenge: promptChallenge(await shown(visit)) }),
    answer: async (visit) => schemaOf(await shown(visit)),
    respond: async (visit, answer) => collect(visit, await shown(visit), answer, judge),
  });
}

function schemaOf(prompts: readonly ShownPrompt[]): AnswerSchema<PromptAnswer> {
  return Object.fromEntries(prompts.map((prompt) => [prompt.fieldKey, promptField(prompt)]));
}

/** Values that are programs cannot be shown, and showing the program's text instead would tell it to everybody. */
function unreadable(fields: readonly PromptField[]): string | undefined {
  const field = fields.find((each) => each.placeholderExpression || each.initialValueExpression);
  return field && `Prompt ${field.name} uses an expression, and this server does not evaluate expressions.`;
}
