import type { Database } from '@postern/database';
import { FinalFailure, handles, type JobHandler } from '@postern/jobs';
import { bodyOf, type Deliver, DeliveryFailure, loadTransport, type Recipients } from '../transports/index.ts';
import { deliverNotification } from './deliver.order.ts';
import { findEvent } from './rule.repository.ts';

type Deps = { db: Pick<Database, 'read'>; deliver: Deliver; recipients: Recipients; clock: { now(): Date } };

/** Delivers notifications, each by a job of its own: what fails is tried again without the others. */
export function deliverJob({ db, deliver, recipients, clock }: Deps): JobHandler {
  return handles(
    deliverNotification,
    async ({ notice: pk, event: key, transport: way, user, severity }, { tenant, signal }) => {
      const found = await db.read({ tenant }, async (em) => ({
        event: await findEvent(em, key),
        transport: await loadTransport(em, way),
      }));
      const { event, transport } = found;
      if (!event || !transport) return { messages: ['The event or the transport is gone.'] };
      const recipient = await recipients.find(tenant, user, signal);
      if (!recipient?.is_active) return { messages: ['The recipient is gone.'] };
      const notice = { pk, severity, body: bodyOf(event), created: clock.now(), event };
      const context = { tenant };
      await deliver({ transport, notice, recipient, context, signal }).catch(final);
      return { messages: [`Told ${recipient.username} by ${transport.name}.`] };
    },
    {
      description: 'Bring a notification to somebody',
      task: 'notification_transport',
      visible: 'on_failure',
    },
  );
}

/** What can never arrive is not tried again. */
function final(error: unknown): never {
  if (error instanceof DeliveryFailure && error.isPermanent) throw new FinalFailure(error.message);
  throw error;
}
