import type { Database } from '@postern/database';
import type { JsonObject } from '../plans/index.ts';
import type { StageInvitations } from '../stages/index.ts';

type Row = { pk: string; name: string; data: JsonObject; single: boolean; flow: string | null };

/** Invitations, as stages use them. */
export function createInvitations(database: Pick<Database, 'read'>, clock: () => Date): StageInvitations {
  return {
    find: (tenant, { pk, flow }) =>
      database.read({ tenant }, async (em) => {
        const [row] = await em.execute<Row[]>(
          `select pk, name, fixed_data as data, single_use as single, flow_pk as flow from invitation
           where pk = ? and expires > ? and (flow_pk is null or flow_pk = ?)`,
          [pk, clock(), flow],
        );
        return row && { pk: row.pk, name: row.name, fixedData: row.data, singleUse: row.single };
      }),
    consume: async (tx, pk) => {
      const gone = await tx.execute<unknown[]>('delete from invitation where pk = ? and single_use returning 1', [pk]);
      return gone.length > 0;
    },
    writesLater: async (tx, stages) => {
      if (stages.length === 0) return false;
      const marks = stages.map(() => '?').join(', ');
      const sql = `select 1 from stage where kind = 'user_write' and pk in (${marks}) limit 1`;
      return (await tx.execute<unknown[]>(sql, [...stages])).length > 0;
    },
  };
}
