/**
 * Transports: how a notification reaches somebody. Stored to be read here, posted to a webhook (in plain words, in those of Slack, or in what a
 * program makes of it), or sent by mail. Webhooks go through `egress`, so that they reach no internal network; their addresses are sealed.
 */

import type { directory } from '@postern/proto';
import type { Client } from '@postern/rpc';
import type { AppParts } from '@postern/service';
import { createDeliver, type Deliver, type DeliverDeps } from './deliver.ts';
import { createRecipients, type Recipients } from './recipient.client.ts';
import { bindTransports, type TransportRpcDeps } from './transport.rpc.ts';

export { CAUSE, type Deliver, type Delivery } from './deliver.ts';
export { DeliveryFailure } from './delivery.failure.ts';
export { bodyOf, type Notice, type NoticeEvent, type Recipient } from './notice.ts';
export type { Recipients } from './recipient.client.ts';
export { Transport, type TransportEntity } from './transport.entity.ts';
export { transportErrors } from './transport.errors.ts';
export { TRANSPORT_MIGRATIONS } from './transport.migrations.ts';
export { loadTransport, transportsOf } from './transport.repository.ts';
export { referableTransports } from './transport.resource.ts';

/** What transports need. */
export type TransportDeps = Omit<TransportRpcDeps, 'deliver' | 'recipients'> &
  DeliverDeps & { readonly users: Pick<Client<typeof directory.UserDirectoryServiceDefinition>, 'batchGetUsers'> };

/** Transports: their parts, and what brings notifications for others. */
export type TransportParts = AppParts & { readonly deliver: Deliver; readonly recipients: Recipients };

/** Creates transports. */
export function createTransports(deps: TransportDeps): TransportParts {
  const deliver = createDeliver(deps);
  const recipients = createRecipients(deps.users);
  return { deliver, recipients, services: [bindTransports({ ...deps, deliver, recipients })] };
}
