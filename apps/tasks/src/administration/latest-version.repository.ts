import type { Database, Migration } from '@postern/database';

/** The table of the latest version: of the installation, so of no tenant. */
export const VERSION_MIGRATIONS: readonly Migration[] = [
  {
    name: 'tasks/0116-latest-version',
    up: [
      `create table latest_version (
        one boolean primary key default true check (one),
        version text not null,
        heard timestamptz not null default now()
      )`,
    ],
  },
];

/** The latest version that was heard of; undefined while none was. */
export async function findLatestVersion(db: Pick<Database, 'system'>): Promise<string | undefined> {
  const [row] = await db.system((em) => em.execute<{ version: string }[]>('select version from latest_version'));
  return row?.version;
}

/** Keeps it. */
export async function storeLatestVersion(db: Pick<Database, 'system'>, version: string): Promise<void> {
  const sql = `insert into latest_version (version) values (?)
    on conflict (one) do update set version = excluded.version, heard = now()`;
  await db.system((em) => em.execute(sql, [version]));
}
