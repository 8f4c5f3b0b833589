import { events } from '@postern/proto';
import { actionFrom } from '../events/index.ts';
import { type FactReader, reads } from './fact.reader.ts';
import { userOf } from './sign-in.facts.ts';

/** Facts that services tell for the audit log alone, in its own words. */
export const RECORDED_FACTS: Readonly<Record<string, FactReader>> = {
  'postern.events.v1.EventRecorded': reads(events.EventRecorded, ({ action, app, context, user }) => ({
    action: actionFrom(action),
    app,
    context: context ?? {},
    user: user && userOf(user),
  })),
};
