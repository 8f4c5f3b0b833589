import { LockMode, type RequiredEntityData } from '@mikro-orm/core';
import { type EntityManager, isUuid, onConstraint } from '@postern/database';
import { SocialAccount, type SocialAccountEntity } from './social-account.entity.ts';
import { socialAccountErrors } from './social-account.errors.ts';

/** An account of an identity provider. */
export type AccountName = { readonly source: string; readonly uid: string };

/** The accounts of a user, in the order in which they were connected. */
export function accountsOf(em: EntityManager, user: number): Promise<SocialAccountEntity[]> {
  return em.find(SocialAccount, { user }, { orderBy: { created: 'asc', pk: 'asc' } });
}

/** An account, whoever connected it; nobody else changes it before the transaction ends. */
export async function lockAccount(
  em: EntityManager,
  { source, uid }: AccountName,
): Promise<SocialAccountEntity | null> {
  if (!isUuid(source) || uid.includes('\0')) return null;
  return em.findOne(SocialAccount, { source, uid }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

/** Key of the user who connected an account. */
export async function findOwner(em: EntityManager, { source, uid }: AccountName): Promise<number | undefined> {
  if (!isUuid(source) || uid.includes('\0')) return undefined;
  const sql = 'select user_pk as pk from social_account where source = ? and uid = ?';
  return (await em.execute<{ pk: number }[]>(sql, [source, uid]))[0]?.pk;
}

/** Stores an account. Throws SOCIAL_ACCOUNT_TAKEN. */
export async function addAccount(
  em: EntityManager,
  values: RequiredEntityData<SocialAccountEntity>,
): Promise<SocialAccountEntity> {
  const account = em.create(SocialAccount, values);
  em.persist(account);
  await em.flush().catch(onConstraint({ social_account__uid: socialAccountErrors.SOCIAL_ACCOUNT_TAKEN }));
  return account;
}

/** Notes that somebody signed in by an account. */
export async function markUsed(em: EntityManager, { source, uid }: AccountName, now: Date): Promise<void> {
  await em.execute('update social_account set last_used = ? where source = ? and uid = ?', [now, source, uid]);
}

/** Disconnects all accounts of a user; answers which. */
export function disconnectAll(em: EntityManager, user: number): Promise<AccountName[]> {
  return em.execute<AccountName[]>('delete from social_account where user_pk = ? returning source, uid', [user]);
}
