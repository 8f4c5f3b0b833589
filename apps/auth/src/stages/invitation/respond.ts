import { isUuid } from '@postern/database';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Plan,
  queryParameter,
  StageDenied,
  type StageOutcome,
  type StageVisit,
} from '../../plans/index.ts';
import type { StageFacts, StageInvitation, StageInvitations } from '../stage.ports.ts';
import type { InvitationSettings } from './settings.ts';

/** What inviting needs. */
export type Inviting = { readonly invitations: StageInvitations; readonly facts: StageFacts };

/** Said to whoever has no invitation, or one that is not good any more. */
export const NOT_INVITED = 'Invalid invite/invite not found';

/** Key of the invitation that somebody comes with: in the link, else among what they entered. */
export function keyIn({ request, context }: StageVisit<InvitationSettings>): string | undefined {
  const entered = context.prompt_data?.token;
  const key = queryParameter(request, 'itoken') ?? queryParameter(request, 'token') ?? entered;
  return typeof key === 'string' ? uuidOf(key) : undefined;
}

/** Lets somebody on with what the invitation knows of them. */
export function invited(
  { context, request }: StageVisit<InvitationSettings>,
  { pk, name, fixedData, singleUse }: StageInvitation,
  { invitations, facts }: Inviting,
): StageOutcome {
  const known = {
    invitation_in_effect: true,
    invitation: { pk, name, single_use: singleUse },
    prompt_data: merged(context.prompt_data ?? {}, fixedData),
  };
  return {
    kind: 'passed',
    context: known,
    effect: async (tx, { plan }) => {
      await facts.record(tx, { kind: 'invitation_used', invitation: pk }, request);
      if (!singleUse || (await invitations.writesLater(tx, stagesAfter(plan)))) return undefined;
      if (!(await invitations.consume(tx, pk))) throw new StageDenied(NOT_INVITED);
      return { context: { ...known, invitation: { ...known.invitation, single_use: false } } };
    },
  };
}

function stagesAfter({ steps }: Plan): string[] {
  return steps.slice(1).flatMap(({ stage }) => (stage.kind === 'stored' ? [stage.pk] : []));
}

function uuidOf(text: string): string | undefined {
  const parts = /^([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/i.exec(text.replaceAll('-', ''));
  const uuid = parts?.slice(1).join('-');
  return uuid !== undefined && isUuid(uuid) ? uuid : undefined;
}

/** Keys that would reach into the prototype of an object. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** What was entered under what the invitation says: objects are merged, lists are joined, anything else gives way. */
export function merged(entered: JsonObject, fixed: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = { ...entered };
  for (const [key, value] of Object.entries(fixed)) {
    if (FORBIDDEN.has(key)) continue;
    const before = result[key];
    if (isJsonObject(before) && isJsonObject(value)) result[key] = merged(before, value);
    else if (Array.isArray(before) && Array.isArray(value)) result[key] = [...before, ...value];
    else result[key] = value;
  }
  return result;
}
