import { randomUUID } from 'node:crypto';
import { common } from '@postern/errors';
import { tasks } from '@postern/proto';
import { eventContext, type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { Deliver } from './deliver.ts';
import { DeliveryFailure } from './delivery.failure.ts';
import type { NoticeEvent } from './notice.ts';
import type { Recipients } from './recipient.client.ts';
import { recordTest } from './test-event.repository.ts';
import { transportErrors } from './transport.errors.ts';
import { loadTransport } from './transport.repository.ts';
import { transportResource } from './transport.resource.ts';
import { createUrlDigests, isWebhookUrl } from './webhook-url.ts';

/** What the service needs. */
export type TransportRpcDeps = ResourceDeps & {
  readonly deliver: Deliver;
  readonly recipients: Recipients;
  readonly clock: { now(): Date };
  /** The installation's secret, the current one first. */
  readonly secrets: readonly string[];
};

/** Ways on which notifications travel, over RPC. */
export function bindTransports(deps: TransportRpcDeps): BoundService {
  const { db, deliver, recipients, clock } = deps;
  const digests = createUrlDigests(deps.secrets);
  const transports = standardMethods(deps, transportResource({ secrets: db.secrets, digests }));

  /** Sends a notification to the caller, about an event that was made for it. */
  async function test(uuid: string, call: Call): Promise<string[] | null> {
    const { tenant, principal } = call.context;
    if (principal.kind !== 'user') throw common.PERMISSION_DENIED();
    const transport = await db.read(call.context, (em) => loadTransport(em, uuid));
    if (!transport) throw common.NOT_FOUND();
    const recipient = await recipients.find(tenant, principal.user.pk);
    if (!recipient) throw common.NOT_FOUND();
    const event: NoticeEvent = await db.write(call.context, (em) => recordTest(em, call.context, clock.now()));
    const body = `Test Notification from transport ${transport.name}`;
    const notice = { pk: randomUUID(), severity: 'notice', body, created: clock.now(), event } as const;
    const context = { ...eventContext(call), tenant };
    return deliver({ transport, notice, recipient, context, signal: call.signal });
  }

  return bind(tasks.NotificationTransportServiceDefinition, {
    listNotificationTransports: (request, call) => transports.list(request, call),
    getNotificationTransport: ({ uuid }, call) => transports.get(uuid, call),
    async createNotificationTransport({ notification_transport: transport }, call) {
      requireAddress(transport, undefined);
      return transports.create(transport, call);
    },
    async updateNotificationTransport({ uuid, notification_transport: transport, update_mask }, call) {
      requireAddress(transport, update_mask);
      return transports.update(uuid, transport, update_mask, call);
    },
    deleteNotificationTransport: ({ uuid }, call) => transports.remove(uuid, call),
    listNotificationTransportUsedBy: ({ uuid }, call) => transports.usedBy(uuid, call),
    async testNotificationTransport({ uuid }, call) {
      try {
        return json({ messages: await test(uuid, call) });
      } catch (error) {
        // The contract answers a failed try with a status of its own and a JSON string.
        if (!(error instanceof DeliveryFailure)) throw error;
        call.response.status(500);
        return json(error.message);
      }
    },
  });
}

function json(value: unknown) {
  return { content_type: 'application/json', data: Buffer.from(JSON.stringify(value)), extensions: [] };
}

/** Who chooses a way with a webhook names its address in the same request. Throws field errors. */
function requireAddress(transport: tasks.NotificationTransport | undefined, mask: readonly string[] | undefined): void {
  if (!transport) return;
  const isNamed = (field: string) => mask?.includes(field) ?? true;
  const url = isNamed('webhook_url') ? transport.webhook_url : '';
  if (url !== '' && !isWebhookUrl(url)) throw transportErrors.WEBHOOK_URL_INVALID();
  const isWebhook = transport.mode === 'webhook' || transport.mode === 'webhook_slack';
  if (isNamed('mode') && isWebhook && url === '') throw transportErrors.WEBHOOK_URL_MISSING();
}
