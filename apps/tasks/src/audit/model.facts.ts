import { directory, events } from '@postern/proto';
import type { Action, Json } from '../events/index.ts';
import { undashed } from './cleanse.ts';
import { type Entry, type FactReader, reads } from './fact.reader.ts';

const APP = 'authentik.events.middleware';

/** Models whose life is no news: what signing in leaves behind, and rows that have an event of their own. */
const SILENT: ReadonlySet<string> = new Set(['authentik_core.authenticatedsession', 'authentik_events.event']);

/** An object as contexts name it. */
export function modelOf(model: string, pk: string | number, name: string): Json {
  const [app, modelName] = model.split('.');
  return { app, model_name: modelName, pk: typeof pk === 'number' ? pk : keyOf(pk), name };
}

/** Numbers stay numbers, UUIDs lose their dashes. */
function keyOf(pk: string): string | number {
  return /^\d{1,15}$/.test(pk) ? Number(pk) : undashed(pk);
}

function changed(subject: string, model: string, pk: string | number, name: string): Entry | undefined {
  if (SILENT.has(model)) return undefined;
  return { action: actionOf(subject), app: APP, context: { model: modelOf(model, pk, name) } };
}

function actionOf(subject: string): Action {
  if (subject.endsWith('.created')) return 'model_created';
  return subject.endsWith('.deleted') ? 'model_deleted' : 'model_updated';
}

function userChanged({ user }: { user: directory.UserFacts | undefined }, subject: string): Entry | undefined {
  return user && changed(subject, 'authentik_core.user', user.pk, user.name || user.username);
}

function groupChanged({ group }: { group: directory.GroupFacts | undefined }, subject: string): Entry | undefined {
  return group && changed(subject, 'authentik_core.group', group.pk, group.name);
}

/** Facts about objects of the public model, by payload type. */
export const MODEL_FACTS: Readonly<Record<string, FactReader>> = {
  'postern.events.v1.ModelChanged': reads(events.ModelChanged, ({ model, pk, name }, subject) =>
    changed(subject, model, pk, name),
  ),
  'postern.directory.v1.UserCreated': reads(directory.UserCreated, userChanged),
  'postern.directory.v1.UserUpdated': reads(directory.UserUpdated, userChanged),
  'postern.directory.v1.UserDeleted': reads(directory.UserDeleted, userChanged),
  'postern.directory.v1.GroupCreated': reads(directory.GroupCreated, groupChanged),
  'postern.directory.v1.GroupUpdated': reads(directory.GroupUpdated, groupChanged),
  'postern.directory.v1.GroupDeleted': reads(directory.GroupDeleted, groupChanged),
  'postern.directory.v1.GroupMembersChanged': reads(directory.GroupMembersChanged, groupChanged),
};
