import { type Database, type EntityManager, prepared } from '@postern/database';

/** The number of somebody. */
export type PhoneNumber = {
  /** Key of the user. */
  readonly user: number;
  /** `+` and digits. */
  readonly phone: string;
  /** Whether they showed that they get its messages. */
  readonly verified: boolean;
};

/** Numbers of people. */
export type PhoneNumbers = {
  readonly ofUser: (tenant: string, user: number) => Promise<PhoneNumber | undefined>;
  /** Whom a number names: whoever has verified it, else who gave it first. */
  readonly find: (tenant: string, phone: string) => Promise<PhoneNumber | undefined>;
  /**
   * Keeps the number of a user in place of any other; false, and nothing is kept, when somebody else has verified it. One that is not
   * verified, and names nobody else's account, may be kept all the same (`mayShare`).
   */
  readonly keep: (tx: EntityManager, number: PhoneNumber, mayShare?: boolean) => Promise<boolean>;
};

const COLUMNS = 'select user_pk as "user", phone, verified from phone_number';
const OF_USER = prepared(`${COLUMNS} where user_pk = ?`);
const FIND = prepared(`${COLUMNS} where phone = ? order by verified desc, created, pk limit 1`);
const KEEP = `insert into phone_number (pk, user_pk, phone, verified)
  select gen_random_uuid(), ?, ?, ?
  where ? or not exists (select 1 from phone_number where phone = ? and verified and user_pk <> ?)
  on conflict on constraint phone_number__user do update
    set phone = excluded.phone, verified = excluded.verified, updated = now()
  returning 1`;

/** Creates the store. */
export function createPhoneNumbers({ statement }: Pick<Database, 'statement'>): PhoneNumbers {
  return {
    ofUser: async (tenant, user) => (await statement<PhoneNumber>({ tenant }, OF_USER, [user]))[0],
    find: async (tenant, phone) => (await statement<PhoneNumber>({ tenant }, FIND, [phone]))[0],
    keep: async (tx, { user, phone, verified }, mayShare = false) => {
      // Of two who verify one number at once, the second waits and finds that it is taken.
      await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`phone_number ${phone}`]);
      return (
        (await tx.execute<unknown[]>(KEEP, [user, phone, verified, mayShare && !verified, phone, user])).length > 0
      );
    },
  };
}
