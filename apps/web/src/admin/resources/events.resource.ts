import { isWire, textOf, wireOf } from '../../executor/wire.codec.ts';
import type { Resource } from '../resource/resource.ts';
import type { Row } from '../table/row.ts';

/** What of an event's context says best what it was about. */
const SUBJECTS = ['model', 'authorized_application', 'secret', 'provider', 'policy', 'stage', 'application'];

/** The object that it happened to, or what was said. */
function subjectOf(row: Row): string {
  const context = wireOf(row.context);
  const object = SUBJECTS.map((name) => context[name]).find(isWire);
  const words = object ? [textOf(object, 'name'), textOf(object, 'model_name').replaceAll('_', ' ')] : [];
  return words.filter(Boolean).join(' · ') || textOf(context, 'message') || textOf(context, 'username');
}

export const events: Resource = {
  place: 'events/log',
  group: 'events',
  words: 'events',
  path: '/events/events/',
  model: 'authentik_events.event',
  key: 'pk',
  title: 'action',
  subtitle: subjectOf,
  columns: [
    { field: 'action', sort: 'action' },
    { field: 'user', draw: (row) => textOf(wireOf(row.user), 'username') || '–' },
    { field: 'created', sort: 'created' },
    { field: 'client_ip', sort: 'client_ip', isWide: true },
  ],
  ordering: '-created',
  filters: ['action', 'username', 'client_ip', 'context_model_app', 'context_model_name'],
  isFixed: true,
};

export const rules: Resource = {
  place: 'events/rules',
  group: 'events',
  words: 'rules',
  path: '/events/rules/',
  model: 'authentik_events.notificationrule',
  key: 'pk',
  title: 'name',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'severity', sort: 'severity' },
    { field: 'group_obj.name', isWide: true },
  ],
  ordering: 'name',
};

export const transports: Resource = {
  place: 'events/transports',
  group: 'events',
  words: 'transports',
  path: '/events/transports/',
  model: 'authentik_events.notificationtransport',
  key: 'pk',
  title: 'name',
  columns: [
    { field: 'name', sort: 'name' },
    { field: 'mode', sort: 'mode' },
  ],
  ordering: 'name',
  actions: [{ name: 'test', method: 'POST', path: 'test/' }],
};
