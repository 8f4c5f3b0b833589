import {
  ExpressionError,
  type Expressions,
  type Json,
  ModelObject,
  mappingVariables,
  object,
  userObject,
  type Value,
} from '@postern/expressions';
import { DeliveryFailure } from './delivery.failure.ts';
import type { Notice, Recipient } from './notice.ts';

/** A program of an administrator, to be run for one delivery. */
export type Mapping = { readonly name: string; readonly expression: string };

/** What it is run for. */
export type MappingCase = { readonly tenant: string; readonly notice: Notice; readonly recipient: Recipient };

/** Why a program failed, and the failed delivery that follows. */
export class MappingFailure extends DeliveryFailure {
  readonly traceback: string;

  constructor(mapping: Mapping, error: ExpressionError) {
    // What is too much now may not be too much later; code that is wrong stays wrong.
    const isPassing = error.failure === 'overloaded' || error.failure === 'unavailable' || error.failure === 'crashed';
    super(`The mapping ${mapping.name} failed: ${error.message}`, { isPermanent: !isPassing, cause: error });
    this.traceback = error.traceback;
  }
}

/** What a webhook is sent instead of the usual body: whatever the program returns. Throws MappingFailure. */
export async function mappedBody(expressions: Expressions, mapping: Mapping, about: MappingCase): Promise<Json> {
  const { tenant, notice, recipient } = about;
  const others = { notification: notificationObject(notice, recipient) };
  const variables = mappingVariables({ user: factsOf(recipient), others });
  const { name, expression: code } = mapping;
  return expressions
    .evaluate({ tenant, name, kind: 'mapping', code, variables })
    .then(({ value }) => value, rejected(mapping));
}

/** Puts the notification, which the program may change, where the engine keeps what changed. It is the first line of the program. */
const TAKEN = 'notification = context["notification"]\n';

/** The notification as the program leaves it. Throws MappingFailure. */
export async function mappedNotice(expressions: Expressions, mapping: Mapping, about: MappingCase): Promise<Notice> {
  const { tenant, notice, recipient } = about;
  const user = userObject(factsOf(recipient));
  const context = { notification: notificationObject(notice, recipient) };
  const request = object('request', { user, http_request: null, obj: null, context, debug: false });
  const { name, expression } = mapping;
  const { changes } = await expressions
    .evaluate({ tenant, name, kind: 'policy', code: `${TAKEN}${expression}`, variables: { user, request } })
    .catch(rejected(mapping));
  const changed = changes.context.set.notification;
  if (!(changed instanceof ModelObject)) return notice;
  const { body, severity } = changed.members;
  return { ...notice, body: body === undefined ? notice.body : String(body), severity: severityOf(severity, notice) };
}

function rejected(mapping: Mapping) {
  return (error: unknown): never => {
    throw error instanceof ExpressionError ? new MappingFailure(mapping, error) : error;
  };
}

function severityOf(value: unknown, { severity }: Notice): Notice['severity'] {
  return value === 'notice' || value === 'warning' || value === 'alert' ? value : severity;
}

function factsOf({ attributes = {}, ...user }: Recipient) {
  return { ...user, attributes: JSON.parse(JSON.stringify(attributes)) };
}

function notificationObject({ pk, severity, body, created, event }: Notice, recipient: Recipient): ModelObject {
  return object('notification', {
    uuid: pk,
    severity,
    body,
    created,
    seen: false,
    user: userObject(factsOf(recipient)),
    event: event
      ? object('event', {
          event_uuid: event.pk,
          action: event.action,
          app: event.app,
          user: asValue(event.user),
          context: asValue(event.context),
          client_ip: event.clientIp ?? null,
          created: event.created,
        })
      : null,
  });
}

function asValue(json: unknown): Value {
  return JSON.parse(JSON.stringify(json ?? null));
}
