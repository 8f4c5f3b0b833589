import type { MailDraft } from '../mail/index.ts';
import { actorOf, type Notice, type Recipient, textsOf } from './notice.ts';

const LABELS = { notice: 'Notice', warning: 'Warning', alert: 'Alert' } as const;
const LONGEST_SUBJECT = 75;
const LONGEST_VALUE = 1_024;

/** The mail that tells somebody of an event. Superusers are told by which transport. */
export function eventMail({ body, severity, event }: Notice, recipient: Recipient, transport: string): MailDraft {
  const actor = actorOf(event);
  const facts = [
    ...(actor ? [['Caused by', personOf(actor)]] : []),
    ...textsOf(event)
      .filter(([, value]) => value !== body)
      .map(([name, value]) => [inWords(name), value]),
    ['Sent to', personOf(recipient)],
  ].map(([name, value = '']) => ({ name, value: value.slice(0, LONGEST_VALUE) }));
  const headline = event?.action ?? body.slice(0, LONGEST_SUBJECT);
  return {
    template: 'email/event_notification.html',
    to: [{ name: recipient.name, address: recipient.email }],
    subject: `Postern Notification: ${headline}`,
    context: {
      body,
      headline: inWords(headline),
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

/** `redirect_uri` as people read it: `Redirect uri`. */
function inWords(name: string): string {
  return name.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
}

function personOf({ username, email }: { username: string; email: string }): string {
  return email === '' || email === username ? username : `${username} (${email})`;
}
