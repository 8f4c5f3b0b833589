import type { EntityManager, SweepBatch } from '@postern/database';
import { KeptMail, type KeptMailEntity, OutgoingMail, type OutgoingMailEntity } from './mail.entity.ts';

/** How many mails of a tenant the inbox of development keeps. */
const KEPT = 100;

/** What a mail that waits is made of. */
export type NewMail = Pick<
  OutgoingMailEntity,
  'pk' | 'sender' | 'recipients' | 'subject' | 'html' | 'text' | 'shown'
> & {
  readonly server?: string | undefined;
};

/** Stores a mail to be sent, in the caller's transaction. */
export function addOutgoing(em: EntityManager, mail: NewMail): void {
  em.create(OutgoingMail, { ...mail, server: mail.server ?? null });
}

/** A mail that waits; undefined once it was sent. */
export async function findOutgoing(em: EntityManager, pk: string): Promise<OutgoingMailEntity | undefined> {
  return (await em.findOne(OutgoingMail, { pk })) ?? undefined;
}

/** Forgets a mail that was sent. */
export async function removeOutgoing(em: EntityManager, pk: string): Promise<void> {
  await em.nativeDelete(OutgoingMail, { pk });
}

/** Forgets mails that nobody could send for a long time, so many at most. Answers how many. */
export async function removeOutgoingBefore(em: EntityManager, { before, limit }: SweepBatch): Promise<number> {
  const rows = await em.execute<unknown[]>(
    'delete from outgoing_mail where pk = any (array(select pk from outgoing_mail where created <= ? limit ?)) returning 1',
    [before, limit],
  );
  return rows.length;
}

/** Keeps a mail, and as many before it as are kept. One that is there already stays. */
export async function keepMail(em: EntityManager, mail: Omit<NewMail, 'shown' | 'server'>): Promise<void> {
  if (await em.findOne(KeptMail, { pk: mail.pk })) return;
  em.create(KeptMail, mail);
  await em.flush();
  await em.execute(
    'delete from kept_mail where pk = any (array(select pk from kept_mail order by created desc, pk desc offset ?))',
    [KEPT],
  );
}

/** The mails that are kept, the latest first. */
export function listKept(em: EntityManager): Promise<KeptMailEntity[]> {
  return em.find(KeptMail, {}, { orderBy: { created: 'desc', pk: 'desc' }, limit: KEPT });
}

/** A mail that is kept. */
export async function findKept(em: EntityManager, pk: string): Promise<KeptMailEntity | undefined> {
  return (await em.findOne(KeptMail, { pk })) ?? undefined;
}
