import { boolean, custom, type Database, defineList, exact, referable } from '@postern/database';
import type { tasks } from '@postern/proto';
import type { Resource } from '@postern/resource';
import type { Context } from '@postern/rpc';
import { Transport, type TransportEntity, type TransportMode, WEBHOOK_URL } from './transport.entity.ts';
import { transportErrors } from './transport.errors.ts';
import { originOf } from './webhook-url.ts';

const MODEL = 'authentik_events.notificationtransport';
const TYPE = 'postern.tasks.v1.NotificationTransport';

/** What the contract calls the ways. */
const MODES: Readonly<Record<TransportMode, string>> = {
  local: 'authentik inbuilt notifications',
  webhook: 'Generic Webhook',
  webhook_slack: 'Slack Webhook (Slack/Discord)',
  email: 'Email',
};

/** What others refer to, and what it refers to. */
export const referableTransports = referable({
  model: MODEL,
  type: TYPE,
  entity: Transport,
  title: ({ name }) => name,
});

type Deps = { secrets: Database['secrets']; digests: (url: string) => string[] };

/** Ways on which notifications travel, as a plain resource. */
export function transportResource({ secrets, digests }: Deps): Resource<TransportEntity, tasks.NotificationTransport> {
  const list = defineList({
    entity: Transport,
    filters: {
      name: exact('name'),
      mode: exact('mode'),
      send_once: boolean('sendOnce'),
      webhook_url: custom((value) => ({ webhookUrlDigest: { $in: digests(String(value)) } })),
    },
    search: ['name', 'mode'],
    ordering: { pk: 'pk', name: 'name', mode: 'mode', send_once: 'sendOnce' },
    defaultOrder: ['name'],
  });
  return {
    model: MODEL,
    type: TYPE,
    subject: 'tasks.v1.notification_transport',
    entity: Transport,
    list,
    fields: {
      name: 'name',
      mode: 'mode',
      send_once: 'sendOnce',
      webhook_mapping: 'webhookMapping',
      webhook_url: (row, url) =>
        Object.assign(row, { webhookUrl: url ?? '', webhookUrlDigest: url ? digests(url)[0] : null }),
    },
    title: ({ name }) => name,
    encode(rows, { call }) {
      const isShown = mayChange(call.context);
      return rows.map((row) => {
        const url = secrets.open(row.webhookUrl, WEBHOOK_URL);
        return {
          pk: row.pk,
          name: row.name,
          mode: row.mode,
          mode_verbose: MODES[row.mode],
          webhook_url: isShown ? url : originOf(url),
          webhook_mapping: row.webhookMapping ?? undefined,
          send_once: row.sendOnce,
        };
      });
    },
    constraints: {
      notification_transport__name: transportErrors.TRANSPORT_NAME_TAKEN,
      notification_transport__webhook_url: transportErrors.WEBHOOK_URL_MISSING,
    },
  };
}

/** The address of a webhook is as good as a password: only those who may change a transport read it in full. */
function mayChange({ principal }: Context): boolean {
  if (principal.kind !== 'user') return principal.kind === 'service';
  return principal.superuser || principal.permissions.includes('authentik_events.change_notificationtransport');
}
