import { directory, events } from '@postern/proto';
import type { Action, Json } from '../events/index.ts';
import { undashed } from './cleanse.ts';
import { type Entry, type FactReader, reads } from './fact.reader.ts';

const APP = 'authentik.events.middleware';

/**
 * Models whose life is no news: what signing in and protocols leave behind, and rows that have an event of their own.
 */
const SILENT: ReadonlySet<string> = new Set([
  'authentik_core.authenticatedsession',
  'authentik_core.usersourceconnection',
  'authentik_events.event',
  'authentik_events.notification',
  'authentik_flows.flowtoken',
  'authentik_policies_reputation.reputation',
  'authentik_providers_oauth2.accesstoken',
  'authentik_providers_oauth2.authorizationcode',
  'authentik_providers_oauth2.refreshtoken',
  'authentik_providers_scim.scimgroup',
  'authentik_providers_scim.scimuser',
  'authentik_stages_authenticator_static.statictoken',
]);

/** Members of a group, or permissions, that one event names. */
const MOST_MEMBERS = 100;

/** An object as contexts name it. */
export function modelOf(model: string, pk: string | number, name: string): Json {
  const [app, modelName] = model.split('.');
  return { app, model_name: modelName, pk: typeof pk === 'number' ? pk : keyOf(pk), name };
}

/** Numbers stay numbers, UUIDs lose their dashes. */
function keyOf(pk: string): string | number {
  return /^\d{1,15}$/.test(pk) ? Number(pk) : undashed(pk);
}

type Change = { readonly model: string; readonly pk: string | number; readonly name: string; readonly diff?: Json };

/** Nobody asks who changed what no request and no user did: seeds, blueprints, jobs. */
function changed({ model, pk, name, diff }: Change, { subject, client, actor }: events.Envelope): Entry | undefined {
  if (SILENT.has(model) || (!client && !actor?.user)) return undefined;
  const what = { model: modelOf(model, pk, name), ...(diff && Object.keys(diff).length > 0 ? { diff } : {}) };
  return { action: actionOf(subject), app: APP, context: what };
}

/** Which fields have another value, and the values where they may be told. */
function diffOf({ changed: fields, before, after }: Pick<events.ModelChanged, 'changed' | 'before' | 'after'>): Json {
  const values = (field: string) => ({
    ...(before && Object.hasOwn(before, field) ? { previous_value: before[field] } : {}),
    ...(after && Object.hasOwn(after, field) ? { new_value: after[field] } : {}),
  });
  return Object.fromEntries(fields.map((field) => [field, values(field)]));
}

function actionOf(subject: string): Action {
  if (subject.endsWith('.created')) return 'model_created';
  return subject.endsWith('.deleted') ? 'model_deleted' : 'model_updated';
}

type UserFact = { user: directory.UserFacts | undefined; changed?: string[] | undefined };
type GroupFact = { group: directory.GroupFacts | undefined; changed?: string[] | undefined };

const namesOnly = (fields: string[] = []) => diffOf({ changed: fields, before: undefined, after: undefined });

function userChanged({ user, changed: fields }: UserFact, envelope: events.Envelope): Entry | undefined {
  if (!user) return undefined;
  const { pk, name, username } = user;
  return changed({ model: 'authentik_core.user', pk, name: name || username, diff: namesOnly(fields) }, envelope);
}

function groupChanged({ group, changed: fields }: GroupFact, envelope: events.Envelope): Entry | undefined {
  return group && changed({ model: 'authentik_core.group', ...group, diff: namesOnly(fields) }, envelope);
}

function membersChanged(
  { group, joined, left }: directory.GroupMembersChanged,
  envelope: events.Envelope,
): Entry | undefined {
  const [how, pks] = joined.length > 0 ? ['add', joined] : ['remove', left];
  const diff = { users: { [how]: true, pk_set: pks.slice(0, MOST_MEMBERS), count: pks.length } };
  return group && changed({ model: 'authentik_core.group', ...group, diff }, envelope);
}

function permissionsChanged(
  { holder_model, holder, name, given, taken }: directory.PermissionsChanged,
  envelope: events.Envelope,
): Entry | undefined {
  const [how, grants] = given.length > 0 ? ['add', given] : ['remove', taken];
  const permissions = grants.map(({ permission, model, object_pk }) => ({
    permission,
    ...(model === '' ? {} : { model, object_pk }),
  }));
  const diff = { permissions: { [how]: true, values: permissions.slice(0, MOST_MEMBERS), count: permissions.length } };
  return changed({ model: holder_model, pk: holder, name, diff }, envelope);
}

/** Facts about objects of the public model, by payload type. */
export const MODEL_FACTS: Readonly<Record<string, FactReader>> = {
  'postern.events.v1.ModelChanged': reads(events.ModelChanged, (fact, envelope) =>
    changed({ ...fact, diff: diffOf(fact) }, envelope),
  ),
  'postern.directory.v1.UserCreated': reads(directory.UserCreated, userChanged),
  'postern.directory.v1.UserUpdated': reads(directory.UserUpdated, userChanged),
  'postern.directory.v1.UserDeleted': reads(directory.UserDeleted, userChanged),
  'postern.directory.v1.GroupCreated': reads(directory.GroupCreated, groupChanged),
  'postern.directory.v1.GroupUpdated': reads(directory.GroupUpdated, groupChanged),
  'postern.directory.v1.GroupDeleted': reads(directory.GroupDeleted, groupChanged),
  'postern.directory.v1.GroupMembersChanged': reads(directory.GroupMembersChanged, membersChanged),
  'postern.directory.v1.PermissionsChanged': reads(directory.PermissionsChanged, permissionsChanged),
};
