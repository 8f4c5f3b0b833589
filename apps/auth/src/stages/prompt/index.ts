/**
 * Asks for the fields that an administrator put together, and keeps what was told for the stages after it. Passwords are the exception:
 * they are compared, judged, hashed and forgotten within the request.
 */

import { type AnswerSchema, defineStage, readSettings, type StageKind, type StageVisit } from '../../plans/index.ts';
import type { PromptFields, PromptValues } from '../stage.ports.ts';
import { promptChallenge, type ShownPrompt, showPrompt } from './challenge.ts';
import { evaluated } from './evaluated.ts';
import { promptField } from './prompt.fields.ts';
import { collect, type PromptAnswer, type PromptJudge } from './respond.ts';
import { type PromptSettings, promptSettings } from './settings.ts';

export { type PromptPreviewDeps, previewPrompt } from './preview.rpc.ts';
export { PROMPT_TYPES, type PromptType, promptModel, promptSettings } from './settings.ts';

/** What the prompt stage needs. */
export type PromptStageDeps = PromptJudge & {
  readonly prompts: PromptFields;
  readonly values: Pick<PromptValues, 'evaluate'>;
};

/** Creates the prompt stage. */
export function createPromptStage({ prompts, values, ...judge }: PromptStageDeps): StageKind {
  const show = async (visit: StageVisit<PromptSettings>): Promise<ShownPrompt[]> => {
    const fields = await prompts.load(visit.request.tenant, visit.settings.fields);
    return (await evaluated(fields, visit, values)).map((field) => showPrompt(field, visit.context));
  };
  // An answer is read and judged by the same values: a program that makes them runs once.
  const known = new WeakMap<StageVisit<PromptSettings>, Promise<ShownPrompt[]>>();
  const shown = (visit: StageVisit<PromptSettings>) => {
    const prompted = known.get(visit) ?? show(visit);
    known.set(visit, prompted);
    return prompted;
  };
  return defineStage<PromptSettings, PromptAnswer>({
    kind: 'prompt',
    component: 'ak-stage-prompt',
    readSettings: (stored) => readSettings(promptSettings, stored),
    enter: async (visit) => ({ kind: 'challenge', challenge: promptChallenge(await shown(visit)) }),
    answer: async (visit) => schemaOf(await shown(visit)),
    respond: async (visit, answer) => collect(visit, await shown(visit), answer, judge),
  });
}

function schemaOf(prompts: readonly ShownPrompt[]): AnswerSchema<PromptAnswer> {
  return Object.fromEntries(prompts.map((prompt) => [prompt.fieldKey, promptField(prompt)]));
}
