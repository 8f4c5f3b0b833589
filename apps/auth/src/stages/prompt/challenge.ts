import type { JsonValue, PlanContext, StageChallenge } from '../../plans/index.ts';
import type { PromptField } from '../stage.ports.ts';
import { type EvaluatedPrompt, pythonText } from './evaluated.ts';

/** A prompt as the page shows it. */
export type ShownPrompt = PromptField & { readonly choices: readonly string[] | null };

/** A prompt with its placeholder, initial value and choices for this plan. */
export function showPrompt(field: EvaluatedPrompt, context: PlanContext): ShownPrompt {
  const data = context.prompt_data ?? {};
  const told = data[field.fieldKey];
  const initialValue = told === undefined || told === null ? field.initialValue : pythonText(told);
  if (field.type !== 'radio-button-group' && field.type !== 'dropdown') {
    return { ...field, placeholder: pythonText(field.placeholder), initialValue, choices: null };
  }
  const choices = choicesOf(data[`${field.fieldKey}__choices`] ?? field.placeholder);
  return {
    ...field,
    placeholder: '',
    initialValue: choices.includes(initialValue) ? initialValue : (choices[0] ?? ''),
    choices,
  };
}

/** Asks the fields of a stage, in their order. */
export function promptChallenge(prompts: readonly ShownPrompt[]): StageChallenge {
  const fields = prompts.map((prompt) => ({
    field_key: prompt.fieldKey,
    label: prompt.label,
    type: prompt.type,
    required: prompt.required,
    placeholder: prompt.placeholder,
    initial_value: prompt.initialValue,
    order: prompt.order,
    sub_text: prompt.subText,
    choices: prompt.choices,
  }));
  return { component: 'ak-stage-prompt', withUser: false, fields: { fields } };
}

function choicesOf(value: JsonValue): string[] {
  return Array.isArray(value) ? value.map(pythonText) : [pythonText(value)];
}
