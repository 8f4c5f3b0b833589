import type { JsonValue, PlanContext, StageVisit } from '../../plans/index.ts';
import type { PromptField, PromptValues } from '../stage.ports.ts';
import type { PromptSettings } from './settings.ts';

/** A prompt whose programs have run. */
export type EvaluatedPrompt = Omit<PromptField, 'placeholder'> & {
  /** Text, or the choices where a program gave them. */
  readonly placeholder: JsonValue;
};

/**
 * Replaces the programs of prompts by what they give; one that fails gives an empty text. A value that was told before is not computed.
 */
export async function evaluated(
  fields: readonly PromptField[],
  visit: Pick<StageVisit<PromptSettings>, 'context' | 'request'>,
  values: Pick<PromptValues, 'evaluate'>,
): Promise<EvaluatedPrompt[]> {
  const programs = fields.flatMap((field) => [
    ...(field.placeholderExpression ? [{ field, part: 'placeholder' as const, code: field.placeholder }] : []),
    ...(field.initialValueExpression && !isTold(field, visit.context)
      ? [{ field, part: 'initialValue' as const, code: field.initialValue }]
      : []),
  ]);
  const named = programs.map(({ field: { name }, code }) => ({ name, code }));
  const results = await values.evaluate(named, visit);
  return fields.map((field) => {
    const valueIn = (part: 'placeholder' | 'initialValue'): JsonValue => {
      const index = programs.findIndex((one) => one.field === field && one.part === part);
      const value = index < 0 ? field[part] : results[index];
      return value === undefined ? '' : value;
    };
    return { ...field, placeholder: valueIn('placeholder'), initialValue: pythonText(valueIn('initialValue')) };
  });
}

function isTold({ fieldKey }: PromptField, { prompt_data }: PlanContext): boolean {
  const told = prompt_data?.[fieldKey];
  return told !== undefined && told !== null;
}

/** A value as Python's `str` writes it. */
export function pythonText(value: JsonValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return 'None';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
