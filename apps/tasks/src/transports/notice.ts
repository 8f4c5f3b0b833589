import type { directory } from '@postern/proto';
import type { Json } from '../events/index.ts';

/** The event that a notification is about. */
export type NoticeEvent = {
  readonly pk: string;
  readonly action: string;
  readonly app: string;
  readonly user: Json;
  readonly context: Json;
  readonly clientIp?: string | null;
  readonly created: Date;
};

/** What somebody shall be told. */
export type Notice = {
  /** The same for each attempt at telling them. */
  readonly pk: string;
  readonly severity: 'notice' | 'warning' | 'alert';
  readonly body: string;
  readonly created: Date;
  readonly event: NoticeEvent | undefined;
};

/** Who shall be told. */
export type Recipient = Pick<
  directory.User,
  'pk' | 'uuid' | 'username' | 'name' | 'email' | 'is_active' | 'is_superuser' | 'attributes' | 'path' | 'type' | 'uid'
>;

const LONGEST_BODY = 4_000;

/** What a notification about an event says: its message, or else the action and what belongs to it. */
export function bodyOf({ action, context }: Pick<NoticeEvent, 'action' | 'context'>): string {
  const { message } = context;
  const text = typeof message === 'string' && message !== '' ? message : `${action}: ${JSON.stringify(context)}`;
  return text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY)}...` : text;
}

/** Who did what the event tells, as far as it says so. */
export function actorOf(event: NoticeEvent | undefined): { email: string; username: string } | undefined {
  const { email, username } = event?.user ?? {};
  if (typeof username !== 'string' || username === '') return undefined;
  return { username, email: typeof email === 'string' ? email : '' };
}

/** The texts that belong to an event, by name. */
export function textsOf(event: NoticeEvent | undefined): [name: string, value: string][] {
  return Object.entries(event?.context ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  );
}
