/** Says whether an event is of a kind: any criterion that is set and fits is enough. Notification rules are made of it. */

import { isJsonObject, keySetting, type SettingsOf } from '../../plans/index.ts';
import type { PolicyFamily, PolicyKind } from '../policy.model.ts';

const settings = { action: keySetting(), client_ip: keySetting(), app: keySetting(), model: keySetting() };

/** Settings of an event matcher. What is not set is not looked at. */
export type EventMatcherSettings = SettingsOf<typeof settings>;

export const eventMatcherFamily: PolicyFamily<EventMatcherSettings> = {
  model: {
    kind: 'event_matcher',
    model: 'authentik_policies_event_matcher.eventmatcherpolicy',
    verboseName: 'Event Matcher Policy',
    verboseNamePlural: 'Event Matcher Policies',
    component: 'ak-policy-event-matcher-form',
  },
  type: 'postern.auth.v1.EventMatcherPolicy',
  settings,
};

/** Creates the kind. It reads `event` of the context; without one it fails, without a word. */
export function createEventMatcherPolicy(): PolicyKind<EventMatcherSettings> {
  return {
    family: eventMatcherFamily,
    evaluate: async (criteria, { context }) => {
      if (!isJsonObject(context.event)) return { passing: false };
      const { action, client_ip, app, context: details } = context.event;
      const checks = [
        { wanted: criteria.action, is: action, message: 'Action matched.' },
        { wanted: criteria.client_ip, is: client_ip, message: 'Client IP matched.' },
        { wanted: criteria.app, is: app, message: 'App matched.' },
        { wanted: criteria.model, is: modelOf(details), message: 'Model matched.' },
      ].filter(({ wanted }) => wanted !== undefined);
      // The message says that a criterion was looked at, whether it fits or not: pages show it so.
      return {
        passing: checks.some(({ wanted, is }) => wanted === is),
        messages: checks.map(({ message }) => message),
      };
    },
  };
}

/** The model that an event is about, as `app.model`. */
function modelOf(details: unknown): string | undefined {
  if (!isJsonObject(details) || !isJsonObject(details.model)) return undefined;
  return `${details.model.app}.${details.model.model_name}`;
}
