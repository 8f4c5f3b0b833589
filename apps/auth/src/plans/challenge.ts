import type { JsonValue } from './json.ts';
import type { PlanContext } from './plan.context.ts';

/** Why an answer was refused, by field; `non_field_errors` holds what concerns the whole answer. */
export type ResponseErrors = {
  readonly [field: string]: readonly { readonly string: string; readonly code: string }[];
};

/** How the page of a flow is laid out. */
export type FlowLayout = 'stacked' | 'content_left' | 'content_right' | 'sidebar_left' | 'sidebar_right';

/** What the page shows around a stage. */
export type FlowInfo = {
  readonly title: string;
  readonly background: string;
  readonly cancel_url: string;
  readonly layout: FlowLayout;
};

/** What a stage asks: the component that shows it and its own fields, by their names on the wire. */
export type StageChallenge = {
  /** Unset: `native`. */
  readonly type?: 'redirect';
  readonly component: string;
  /** Whether the page shows who is signing in. */
  readonly withUser: boolean;
  readonly fields: { readonly [field: string]: JsonValue };
};

/** What goes back to the page. */
export type Challenge = {
  readonly type: 'native' | 'shell' | 'redirect';
  readonly component: string;
  readonly flow_info?: FlowInfo;
  readonly response_errors?: ResponseErrors;
  readonly [field: string]: JsonValue | FlowInfo | ResponseErrors | undefined;
};

/** What a challenge needs to know of its flow. */
export type FlowFace = { readonly title: string; readonly background: string; readonly layout: FlowLayout };

/** Where "Not you?" leads. */
export const CANCEL_URL = '/flows/-/cancel/';

/** Shown for whoever has not proved who they are, so that the picture tells nobody whether a name exists. */
export const NEUTRAL_AVATAR = '/static/dist/assets/images/user_default.png';

/** The name under which the plan shows its user; empty for nobody. */
export function shownName(context: PlanContext, requester: string): string {
  return context.pending_user_identifier ?? context.pending_user?.username ?? requester;
}

/** A title with `%(app)s`, `%(user)s` and `%%` filled in; any other use of `%` leaves the title as it was written. */
export function formatTitle(title: string, values: { readonly app: string; readonly user: string }): string {
  const pieces = title.replaceAll(/%%|%\((app|user)\)s|%/g, (match, name: 'app' | 'user' | undefined) => {
    if (match === '%%') return '%';
    return name === undefined ? '\u0000' : values[name];
  });
  return pieces.includes('\u0000') ? title : pieces;
}

/** The frame of a challenge. Without a context (nothing was planned) the title stays as it was written. */
export function flowInfo(flow: FlowFace, context: PlanContext | undefined, requester: string): FlowInfo {
  const title =
    context === undefined
      ? flow.title
      : formatTitle(flow.title, { app: context.application?.name ?? '', user: shownName(context, requester) });
  return { title, background: flow.background, cancel_url: CANCEL_URL, layout: flow.layout };
}

/** Who the page says is signing in. */
export function userFields(
  context: PlanContext,
  requester: string,
): { pending_user: string; pending_user_avatar: string } {
  return { pending_user: shownName(context, requester), pending_user_avatar: NEUTRAL_AVATAR };
}

/** Sends the browser on. */
export function redirectChallenge(to: string): Challenge {
  return { type: 'redirect', component: 'xak-flow-redirect', to };
}

/** Something broke. Says no more than the id under which the log knows more. */
export function flowErrorChallenge(requestId: string): Challenge {
  return { type: 'native', component: 'ak-stage-flow-error', request_id: requestId };
}
