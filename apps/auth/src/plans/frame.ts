import {
  type Challenge,
  flowInfo,
  type ResponseErrors,
  redirectChallenge,
  type StageChallenge,
  userFields,
} from './challenge.ts';
import type { FlowFacts } from './flow.facts.ts';
import { type FlowRequest, queryParameter } from './flow.request.ts';
import { localPath } from './next-url.ts';
import type { PlanContext } from './plan.context.ts';

/** Said when there is nothing to say. */
export const UNKNOWN_ERROR = 'Unknown error';

/** Said to a `next` that could lead off this server. */
export const INVALID_NEXT = 'Invalid next URL';

/** A stage's challenge in the frame of its flow. */
export function framed(
  flow: FlowFacts,
  request: FlowRequest,
  context: PlanContext,
  challenge: StageChallenge,
  errors?: ResponseErrors,
): Challenge {
  const requester = request.requester?.username ?? '';
  return {
    type: challenge.type ?? 'native',
    component: challenge.component,
    flow_info: flowInfo(flow, context, requester),
    ...(errors === undefined ? {} : { response_errors: errors }),
    ...(challenge.withUser ? userFields(context, requester) : {}),
    ...challenge.fields,
  };
}

/** The door is closed. Without a context nothing was planned. */
export function accessDenied(flow: FlowFacts, request: FlowRequest, message: string, context?: PlanContext): Challenge {
  const requester = request.requester?.username ?? '';
  return {
    type: 'native',
    component: 'ak-stage-access-denied',
    flow_info: flowInfo(flow, context, requester),
    ...userFields(context ?? {}, requester),
    error_message: message,
  };
}

/**
 * What somebody gets to whom the flow does not apply, as its `denied_action` says. The `next` of the page counts for `continue` alone: with
 * `message_continue`, which is the default, a page that needs a sign-in would be sent to and come back for ever.
 */
export function notApplicable(flow: FlowFacts, request: FlowRequest, message: string): Challenge {
  const ofPage = flow.deniedAction === 'continue' ? queryParameter(request, 'next') : undefined;
  const asked = request.next ?? ofPage;
  const next = asked === undefined ? undefined : localPath(asked);
  if (flow.deniedAction !== 'message' && next !== undefined) return redirectChallenge(next);
  return flow.deniedAction === 'continue' ? redirectChallenge('/') : accessDenied(flow, request, message);
}

/** The local path that the page's `next` asks for: `/` when it asks for none, undefined when it must be refused. */
export function nextOf(request: FlowRequest): string | undefined {
  const next = queryParameter(request, 'next');
  return next === undefined || next === '' ? '/' : localPath(next);
}

/** Where a finished plan leads. The context's `redirect` comes from a service and may leave this server, but only over HTTP. */
export function destination(context: PlanContext, next: string): string {
  if (context.redirect === undefined) return next;
  const local = localPath(context.redirect);
  if (local !== undefined) return local;
  return /^https?:\/\//i.test(context.redirect) ? context.redirect : '/';
}

/** The page that shows a flow. */
export function flowPage(slug: string, query = ''): string {
  return `/if/flow/${slug}/${query === '' ? '' : `?${query}`}`;
}
