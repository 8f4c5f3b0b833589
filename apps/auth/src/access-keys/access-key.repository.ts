import type { EntityManager } from '@postern/database';

/** An access key, but for the key. */
export type AccessKey = {
  /** Key for APIs that have numbers. */
  readonly number: number;
  /** Key of the token. */
  readonly token: string;
  readonly user: number;
  readonly name: string;
  /** The key, masked but for its beginning and end. */
  readonly shown: string;
  /** Epoch milliseconds. */
  readonly created: number;
  /** The last day on which it works, `2026-12-01`. */
  readonly expiry: string;
  /** The day on which it was used last; null for never. */
  readonly lastSeen: string | null;
  readonly revoked: boolean;
};

/** Fields that keys are ordered by. */
export const KEY_ORDER = {
  created: 'number',
  expiry: 'expiry',
  last_seen: 'last_seen',
  user: 'user_pk',
  name: 'name',
  revoked: 'revoked',
} as const;

/** Which keys to list. */
export type AccessKeyQuery = {
  /** Whose; undefined for those of everybody. */
  readonly user?: number | undefined;
  readonly revoked?: boolean | undefined;
  /** What names must all contain. */
  readonly words: readonly string[];
  readonly ordering: readonly { readonly by: keyof typeof KEY_ORDER; readonly isDescending: boolean }[];
  readonly limit: number;
  readonly offset: number;
};

const COLUMNS = `number, token_pk as token, user_pk as "user", name, shown, revoked,
  (extract(epoch from created) * 1000)::float8 as created, expiry::text as expiry, last_seen::text as "lastSeen"`;

/** The access keys of a transaction's tenant. */
export function accessKeysIn(em: EntityManager) {
  return {
    /** Keeps whoever else would make a key of this user waiting until the transaction ends. */
    async lockOwner(user: number): Promise<void> {
      await em.execute('select 1 from account where pk = ? for update', [user]);
    },
    /** The first key of this name that works. */
    async findUsable(user: number, name: string, today: string): Promise<AccessKey | undefined> {
      const sql = `select ${COLUMNS} from access_key
        where user_pk = ? and name = ? and not revoked and expiry >= ? order by number limit 1`;
      return (await em.execute<AccessKey[]>(sql, [user, name, today]))[0];
    },
    async find(number: number, user: number): Promise<AccessKey | undefined> {
      const sql = `select ${COLUMNS} from access_key where number = ? and user_pk = ?`;
      return (await em.execute<AccessKey[]>(sql, [number, user]))[0];
    },
    async add(key: Pick<AccessKey, 'token' | 'user' | 'name' | 'shown' | 'expiry'>, metadata: object): Promise<number> {
      const { token, user, name, shown, expiry } = key;
      const sql = `insert into access_key (pk, token_pk, user_pk, name, shown, expiry, metadata)
        values (gen_random_uuid(), ?, ?, ?, ?, ?, ?) returning number`;
      const values = [token, user, name, shown, expiry, JSON.stringify(metadata)];
      return (await em.execute<{ number: number }[]>(sql, values))[0]?.number ?? 0;
    },
    async noteOrigin(number: number, metadata: object): Promise<void> {
      await em.execute('update access_key set metadata = ? where number = ?', [JSON.stringify(metadata), number]);
    },
    async revoke(number: number): Promise<void> {
      await em.execute('update access_key set revoked = true, updated = now() where number = ?', [number]);
    },
    async list({ user, revoked, words, ordering, limit, offset }: AccessKeyQuery) {
      const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
      const conditions = [
        ...(user === undefined ? [] : ['user_pk = ?']),
        ...(revoked === undefined ? [] : ['revoked = ?']),
        ...patterns.map(() => 'name ilike ?'),
      ];
      const values = [...(user === undefined ? [] : [user]), ...(revoked === undefined ? [] : [revoked]), ...patterns];
      const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
      const by = ordering.map((one) => `${KEY_ORDER[one.by]} ${one.isDescending ? 'desc' : 'asc'}`);
      const order = [...by, 'number'].join(', ');
      const count = await em.execute<{ count: number }[]>(
        `select count(*)::int as count from access_key ${where}`,
        values,
      );
      const rows = await em.execute<AccessKey[]>(
        `select ${COLUMNS} from access_key ${where} order by ${order} limit ? offset ?`,
        [...values, limit, offset],
      );
      return { count: count[0]?.count ?? 0, rows };
    },
  };
}
