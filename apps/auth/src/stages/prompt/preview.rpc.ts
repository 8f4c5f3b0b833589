import { auth } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { FlowRequest, PlanContext } from '../../plans/index.ts';
import type { PromptField, PromptValues } from '../stage.ports.ts';
import { promptChallenge, showPrompt } from './challenge.ts';
import { evaluated } from './evaluated.ts';

/** What trying a prompt needs. */
export type PromptPreviewDeps = { readonly promptValues: Pick<PromptValues, 'preview'> };

/** Shows a prompt as its author would be asked it. Throws a field error for a program that fails. */
export async function previewPrompt(
  prompt: auth.Prompt,
  call: Call,
  { promptValues }: PromptPreviewDeps,
): Promise<auth.PromptChallenge> {
  const context = contextOf(call);
  const visit = { context, request: requestOf(call) };
  const fields = await evaluated([fieldOf(prompt)], visit, { evaluate: promptValues.preview });
  const { component, fields: shown } = promptChallenge(fields.map((field) => showPrompt(field, context)));
  return auth.PromptChallenge.fromPartial({ type: 'native', component, ...shown });
}

function fieldOf(prompt: auth.Prompt): PromptField {
  const { name, label, type, required, placeholder, order } = prompt;
  return {
    name,
    fieldKey: prompt.field_key,
    label,
    type,
    required,
    placeholder,
    initialValue: prompt.initial_value,
    subText: prompt.sub_text,
    order,
    placeholderExpression: prompt.placeholder_expression,
    initialValueExpression: prompt.initial_value_expression,
  };
}

/** The plan is about whoever tries the prompt. */
function contextOf({ context: { principal } }: Call): PlanContext {
  if (principal.kind !== 'user') return {};
  const { pk, uuid, username } = principal.user;
  return { pending_user: { kind: 'account', pk, uuid, username } };
}

function requestOf({ context: { tenant, client, requestId } }: Call): FlowRequest {
  return { tenant, slug: '', method: 'POST', url: client.path, query: '', client: { ...client, requestId } };
}
