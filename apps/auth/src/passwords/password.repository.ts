import { type EntityManager, enableTenancy, type Migration, prepared, reference } from '@postern/database';

/** Who has no row has no usable password. */
export const PASSWORD_MIGRATIONS: readonly Migration[] = [
  {
    name: 'auth/0021-passwords',
    up: [
      `create table password (
        user_pk integer not null,
        tenant_id uuid not null default current_setting('postern.tenant')::uuid,
        hash text not null,
        changed timestamptz not null default now(),
        primary key (tenant_id, user_pk)
      )`,
      ...enableTenancy('password'),
      reference('password', 'user_pk', 'account', 'cascade'),
    ],
  },
  {
    // A password that was taken out of use keeps its age: it is too old, however often somebody asks.
    name: 'auth/0052-retired-passwords',
    up: ['alter table password add column if not exists retired timestamptz'],
  },
];

const FIND_HASH = prepared('select hash from password where user_pk = ?');

/** The passwords of a transaction's tenant. */
export function passwordsIn(em: EntityManager) {
  return {
    async findHash(user: number): Promise<string | undefined> {
      const rows = await em.execute<{ hash: string }[]>(FIND_HASH, [user]);
      return rows[0]?.hash;
    },
    /** Stores a hash. With `firstOnly`, only where there is none; answers whether it was stored. */
    async store(user: number, hash: string, { firstOnly }: { firstOnly: boolean }): Promise<boolean> {
      const other = firstOnly
        ? 'do nothing'
        : '(tenant_id, user_pk) do update set hash = excluded.hash, changed = now(), retired = null';
      const rows = await em.execute<unknown[]>(
        `insert into password (user_pk, hash) values (?, ?) on conflict ${other} returning 1`,
        [user, hash],
      );
      return rows.length > 0;
    },
    /** When the password was set, and whether it was taken out of use since; undefined when there is none. */
    async findAge(user: number): Promise<{ changed: Date; retired: boolean } | undefined> {
      const rows = await em.execute<{ changed: string; retired: boolean }[]>(
        'select changed, retired is not null as retired from password where user_pk = ?',
        [user],
      );
      return rows[0] && { changed: new Date(rows[0].changed), retired: rows[0].retired };
    },
    /** Puts a hash that fits nothing anybody knows in place of one; answers whether it was in use until now. */
    async retire(user: number, hash: string): Promise<boolean> {
      const rows = await em.execute<unknown[]>(
        'update password set hash = ?, retired = now() where user_pk = ? and retired is null returning 1',
        [hash, user],
      );
      return rows.length > 0;
    },
    /** Puts a better hash of the same password in place of one, unless it was changed meanwhile. */
    async replace(user: number, before: string, hash: string): Promise<void> {
      await em.execute('update password set hash = ? where user_pk = ? and hash = ?', [hash, user, before]);
    },
    /** Takes the password away; answers whether there was one. */
    async remove(user: number): Promise<boolean> {
      const rows = await em.execute<unknown[]>('delete from password where user_pk = ? returning 1', [user]);
      return rows.length > 0;
    },
  };
}
