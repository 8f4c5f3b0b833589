import type { EntityManager } from '@postern/database';

/** How often one recipient is written to: so often in so many milliseconds, counted over all flows and stages. */
export type MailLimit = { readonly most: number; readonly within: number };

/** The limits that hold, all of them. */
export const MAIL_LIMITS: readonly MailLimit[] = [
  { most: 3, within: 60_000 },
  { most: 10, within: 3_600_000 },
];

/** How long it is known that a mail was asked for: as long as the widest limit looks back. */
const KNOWN_MS = Math.max(...MAIL_LIMITS.map(({ within }) => within));

/** A mail to be sent. */
export type NewFlowMail = {
  readonly pk: string;
  /** Keyed hash of who gets it. */
  readonly recipient: string;
  /** What it is to say, sealed. */
  readonly mail: string;
  readonly now: Date;
};

/** The mails of flows in a transaction's tenant. */
export function flowMailsIn(em: EntityManager) {
  return {
    /** Stores a mail unless its recipient has had as many as the limits allow; of many at once no more than those. */
    async add({ pk, recipient, mail, now }: NewFlowMail): Promise<boolean> {
      // Whoever counts waits for whoever counts the same: without that, all of them would find room for one more.
      await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`flow_mail ${recipient}`]);
      const room = MAIL_LIMITS.map(
        () => '(select count(*) from flow_mail where recipient = ? and created > ?::timestamptz) < ?',
      );
      const counted = MAIL_LIMITS.flatMap(({ most, within }) => [recipient, new Date(now.getTime() - within), most]);
      const added = await em.execute<unknown[]>(
        `insert into flow_mail (pk, recipient, mail, created, expires)
         select ?::uuid, ?, ?, ?::timestamptz, ?::timestamptz where ${room.join(' and ')} returning 1`,
        [pk, recipient, mail, now, new Date(now.getTime() + KNOWN_MS), ...counted],
      );
      return added.length > 0;
    },
    /** What a mail is to say; undefined once it was sent. */
    async find(pk: string): Promise<string | undefined> {
      const [row] = await em.execute<{ mail: string | null }[]>('select mail from flow_mail where pk = ?', [pk]);
      return row?.mail ?? undefined;
    },
    /** Forgets what a mail was to say. */
    async forget(pk: string): Promise<void> {
      await em.execute('update flow_mail set mail = null, updated = now() where pk = ?', [pk]);
    },
  };
}
