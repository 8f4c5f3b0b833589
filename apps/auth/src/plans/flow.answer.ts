import type { Challenge } from './challenge.ts';
import type { FlowRequest } from './flow.request.ts';
import type { SessionGrant } from './ports.ts';

/** What the executor answers: a challenge, or "ask again where you asked" (HTTP 302). */
export type FlowAnswer = (
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  | { readonly kind: 'again'; readonly location: string }
) & { readonly session?: SessionGrant };

/** A challenge as the answer. */
export function say(challenge: Challenge, session?: SessionGrant): FlowAnswer {
  return { kind: 'challenge', challenge, ...(session === undefined ? {} : { session }) };
}

/** Sends the browser back to where it asked. */
export function again(request: FlowRequest, session?: SessionGrant): FlowAnswer {
  return { kind: 'again', location: request.url, ...(session === undefined ? {} : { session }) };
}
