import { type EntityManager, prepared } from '@postern/database';

/** Facts about a user that accounts keep. */
export type AccountFacts = {
  readonly pk: number;
  readonly uuid: string;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  /** Kind of user, as the public contract names it. */
  readonly type: string;
  readonly is_active: boolean;
};

/** The accounts of a transaction's tenant. */
export type Accounts = {
  /** Keeps what the directory says about a user now. */
  keep(facts: AccountFacts): Promise<void>;
  find(pk: number): Promise<AccountFacts | undefined>;
  /** An account by its UUID, while it is active and has no password. */
  findUnclaimed(uuid: string): Promise<AccountFacts | undefined>;
  /** Whether there is an account of that UUID. */
  isKnown(uuid: string): Promise<boolean>;
  /** Notes that somebody signs in now. */
  noteLogin(pk: number, now: Date): Promise<void>;
  /**
   * When somebody signed in last, as text that differs for any two times; empty for never. Whoever asks waits for others that ask, or that sign
   * the account in, until their transaction is over.
   */
  lockLogin(pk: number): Promise<string>;
  /** The same without waiting. */
  findLogin(pk: number): Promise<string>;
  /** Removes an account with all that hangs off it. */
  remove(pk: number): Promise<void>;
};

const COLUMNS = 'a.pk, a.uuid, a.username, a.name, a.email, a.type, a.is_active';

const KEEP =
  prepared(`insert into account (pk, uuid, username, name, email, type, is_active) values (?, ?, ?, ?, ?, ?, ?)
  on conflict (tenant_id, pk) do update
  set uuid = excluded.uuid, username = excluded.username, name = excluded.name, email = excluded.email,
      type = excluded.type, is_active = excluded.is_active
  where (account.uuid, account.username, account.name, account.email, account.type, account.is_active)
    is distinct from
    (excluded.uuid, excluded.username, excluded.name, excluded.email, excluded.type, excluded.is_active)`);

const LAST_LOGIN = "select coalesce(extract(epoch from last_login)::text, '') as at from account where pk = ?";
const FIND_LOGIN = prepared(LAST_LOGIN);
const LOCK_LOGIN = prepared(`${LAST_LOGIN} for no key update`);
const NOTE_LOGIN = prepared('update account set last_login = ? where pk = ?');

/** Opens the accounts in a transaction. */
export function accountsIn(em: EntityManager): Accounts {
  const one = async (sql: string, values: unknown[]) => (await em.execute<AccountFacts[]>(sql, values))[0];
  return {
    async keep({ pk, uuid, username, name, email, type, is_active }) {
      // Most sign-ins find nothing new: such a row is not written.
      await em.execute(KEEP, [pk, uuid, username, name, email, type, is_active]);
    },
    find: (pk) => one(`select ${COLUMNS} from account a where a.pk = ?`, [pk]),
    findUnclaimed: (uuid) =>
      one(
        `select ${COLUMNS} from account a left join password p on p.user_pk = a.pk
         where a.uuid = ? and a.is_active and p.user_pk is null`,
        [uuid],
      ),
    isKnown: async (uuid) => {
      const rows = await em.execute<unknown[]>('select 1 from account where uuid = ?', [uuid]);
      return rows.length > 0;
    },
    async noteLogin(pk, now) {
      await em.execute(NOTE_LOGIN, [now, pk]);
    },
    lockLogin: async (pk) => (await em.execute<{ at: string }[]>(LOCK_LOGIN, [pk]))[0]?.at ?? '',
    findLogin: async (pk) => (await em.execute<{ at: string }[]>(FIND_LOGIN, [pk]))[0]?.at ?? '',
    async remove(pk) {
      await em.execute('delete from account where pk = ?', [pk]);
    },
  };
}
