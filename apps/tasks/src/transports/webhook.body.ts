import { actorOf, type Notice, type Recipient, textsOf } from './notice.ts';

/** What a webhook is sent: the notification in plain words. */
export function webhookBody({ body, severity, event }: Notice, { email, username }: Recipient) {
  const actor = actorOf(event);
  return {
    body,
    severity,
    user_email: email,
    user_username: username,
    ...(actor ? { event_user_email: actor.email, event_user_username: actor.username } : {}),
  };
}

const COLOURS = { notice: '#0c5c66', warning: '#b7791f', alert: '#b3371f' } as const;
const MOST_FIELDS = 25;
const LONGEST_TITLE = 256;
const LONGEST_VALUE = 1_024;

/** What a channel of Slack, or of Discord, is sent: one attachment with a field for each fact. */
export function slackBody({ body, severity, event }: Notice, { username }: Recipient) {
  const actor = actorOf(event);
  const facts = [
    { title: 'Severity', value: severity, short: true },
    { title: 'Dispatched for user', value: username, short: true },
    ...(actor ? [{ title: 'Event user', value: actor.username, short: true }] : []),
    ...textsOf(event).map(([title, value]) => ({ title, value, short: false })),
  ];
  return {
    username: 'Postern',
    attachments: [
      {
        author_name: 'Postern',
        title: quiet(event?.action ?? body, LONGEST_TITLE),
        fallback: quiet(body, LONGEST_VALUE),
        color: COLOURS[severity],
        fields: facts.slice(0, MOST_FIELDS).map(({ title, value, short }) => ({
          title: quiet(title, LONGEST_TITLE),
          value: quiet(value, LONGEST_VALUE),
          short,
        })),
        footer: 'Postern',
      },
    ],
  };
}

/** Text that mentions nobody and links nowhere, whatever an event holds: what Slack reads as markup is escaped. */
function quiet(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
