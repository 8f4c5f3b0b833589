import type { MailDraft } from '../mail/index.ts';
import { actorOf, type Notice, type Recipient, textsOf } from './notice.ts';

const LABELS = { notice: 'Notice', warning: 'Warning', alert: 'Alert' } as const;
const LONGEST_SUBJECT = 75;
const LONGEST_VALUE = 1_024;

/** The mail that tells somebody of an event. Superusers are told by which transport. */
export function eventMail({ body, severity, event }: Notice, recipient: Recipient, transport: string): MailDraft {
  const actor = actorOf(event);
  const facts = [
    ['user_email', recipient.email],
    ['user_username', recipient.username],
    ...(actor
      ? [
          ['event_user_email', actor.email],
          ['event_user_username', actor.username],
        ]
      : []),
    ...textsOf(event).filter(([, value]) => value !== body),
  ].map(([name, value = '']) => ({ name, value: value.slice(0, LONGEST_VALUE) }));
  const headline = event?.action ?? body.slice(0, LONGEST_SUBJECT);
  return {
    template: 'email/event_notification.html',
    to: [{ name: recipient.name, address: recipient.email }],
    subject: `Postern Notification: ${headline}`,
    context: {
      body,
      headline: headline.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase()),
      severity,
      severity_label: LABELS[severity],
      is_notice: severity === 'notice',
      is_warning: severity === 'warning',
      is_alert: severity === 'alert',
      facts,
      preheader: body,
      footer: recipient.is_superuser ? `Sent by the notification transport ${transport}.` : '',
    },
  };
}
