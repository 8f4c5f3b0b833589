import type { Database } from '@postern/database';
import type { Egress } from '@postern/egress';
import type { Expressions } from '@postern/expressions';
import type { EventContext, Outbox } from '@postern/messaging';
import { recordedFact } from '@postern/resource';
import { type Composer, type Mailer, MailFailure, mailSent } from '../mail/index.ts';
import { storeNotification } from '../notifications/index.ts';
import { DeliveryFailure } from './delivery.failure.ts';
import { eventMail } from './event.mail.ts';
import { type MappingCase, MappingFailure, mappedBody, mappedNotice } from './mapping.ts';
import type { Notice, Recipient } from './notice.ts';
import type { LoadedTransport } from './transport.repository.ts';
import { slackBody, webhookBody } from './webhook.body.ts';
import { callWebhook } from './webhook.ts';

/** One notification, to be brought to one person. */
export type Delivery = {
  readonly transport: LoadedTransport;
  readonly notice: Notice;
  readonly recipient: Recipient;
  /** Whose transaction and whose fact it is. */
  readonly context: EventContext & { readonly tenant: string };
  readonly signal?: AbortSignal | undefined;
};

/** Brings a notification to somebody. Answers what the receiver said, null where it says nothing. Throws DeliveryFailure. */
export type Deliver = (delivery: Delivery) => Promise<string[] | null>;

export type DeliverDeps = {
  readonly db: Pick<Database, 'write'>;
  readonly outbox: Outbox;
  readonly egress: Pick<Egress, 'call'>;
  readonly expressions: Expressions;
  readonly mailer: Mailer;
  readonly composer: Composer;
};

/** Key of an event's context that says which transport caused it: such events travel no way that could cause another. */
export const CAUSE = 'notification_transport';

/** Creates what brings notifications, one function for each way. */
export function createDeliver({ db, outbox, egress, expressions, mailer, composer }: DeliverDeps): Deliver {
  const causeOf = ({ pk, name }: LoadedTransport) => ({
    [CAUSE]: { app: 'authentik_events', model_name: 'notificationtransport', pk: pk.replaceAll('-', ''), name },
  });

  async function local({ transport, notice, recipient, context }: Delivery): Promise<string[]> {
    const about: MappingCase = { tenant: context.tenant, notice, recipient };
    const kept = transport.mapping ? await mappedNotice(expressions, transport.mapping, about) : notice;
    const { pk, severity, body, created } = kept;
    const row = { pk, severity, body, created, event: notice.event?.pk ?? null, user: recipient.pk };
    await db.write({ tenant: context.tenant }, (em) => storeNotification(em, row));
    return [];
  }

  async function webhook({ transport, notice, recipient, context, signal }: Delivery): Promise<string[]> {
    const about: MappingCase = { tenant: context.tenant, notice, recipient };
    const usual = transport.mode === 'webhook_slack' ? slackBody(notice, recipient) : webhookBody(notice, recipient);
    const isMapped = transport.mode === 'webhook' && transport.mapping;
    const body = isMapped ? await mappedBody(expressions, isMapped, about) : usual;
    const { status, text } = await callWebhook(egress, transport.webhookUrl, body, { id: notice.pk, signal });
    return [String(status), text];
  }

  async function email({ transport, notice, recipient, context, signal }: Delivery): Promise<null> {
    if (recipient.email === '')
      throw new DeliveryFailure(`${recipient.username} has no e-mail address.`, { isPermanent: true });
    const draft = eventMail(notice, recipient, transport.name);
    const { subject, html, text, shown } = composer.compose(draft);
    const { tenant } = context;
    const mail = { pk: notice.pk, tenant, from: '', to: draft.to, subject, html, text };
    const sent = await mailer.send(mail, signal).catch((cause: unknown) => {
      if (!(cause instanceof MailFailure)) throw cause;
      throw new DeliveryFailure(cause.message, { isPermanent: cause.isPermanent, cause });
    });
    const fact = mailSent({ subject, shown, to: recipient.email, from: sent.from, context: causeOf(transport) });
    await db.write({ tenant }, (em) => outbox.record(em, context, fact));
    return null;
  }

  const ways = { local, webhook, webhook_slack: webhook, email } as const;

  /** Tells the audit log of a program that failed. */
  async function reportMapping(failure: MappingFailure, { transport, context }: Delivery): Promise<void> {
    const fact = recordedFact('tasks', {
      action: 'property_mapping_exception',
      app: 'authentik.core.expression.evaluator',
      context: {
        message: failure.traceback,
        expression: transport.mapping?.expression ?? '',
        mapping: transport.mapping?.name ?? '',
        ...causeOf(transport),
      },
    });
    await db.write({ tenant: context.tenant }, (em) => outbox.record(em, context, fact));
  }

  return async (delivery) => {
    try {
      return await ways[delivery.transport.mode](delivery);
    } catch (error) {
      if (error instanceof MappingFailure && error.isPermanent) await reportMapping(error, delivery);
      throw error;
    }
  };
}
