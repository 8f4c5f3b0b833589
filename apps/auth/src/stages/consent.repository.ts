import type { Database } from '@postern/database';
import type { Consents } from './consent/index.ts';

/** What people consented to, one row for a person and an application. */
export function createConsents(database: Pick<Database, 'read'>): Consents {
  return {
    find: (tenant, { user, application }) =>
      database.read({ tenant }, async (em) => {
        const rows = await em.execute<{ permissions: string }[]>(
          `select permissions from user_consent
           where user_pk = ? and application = ? and (expires is null or expires > now())`,
          [user, application],
        );
        return rows[0] && idsOf(rows[0].permissions);
      }),
    grant: async (tx, { user, application, permissions, expires }) => {
      const [given] = await tx.execute<{ pk: number; isNew: boolean }[]>(
        `insert into user_consent (user_pk, application, permissions, expires) values (?, ?, ?, ?)
         on conflict (tenant_id, user_pk, application)
         do update set permissions = excluded.permissions, expires = excluded.expires, updated = now()
         returning pk, xmax = 0 as "isNew"`,
        [user, application, permissions.join(' '), expires ?? null],
      );
      if (!given) throw new TypeError('a consent was not stored');
      return given;
    },
  };
}

function idsOf(permissions: string): string[] {
  return permissions.split(' ').filter((id) => id !== '');
}
