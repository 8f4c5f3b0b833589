import { type Database, type EntityManager, prepared } from '@postern/database';
import type { Scores } from './kind.ts';

// A record lives for a day after the last sign-in that changed it. One that is over starts anew.
const CHANGE = prepared(`insert into reputation (pk, identifier, ip, score, updated, expires)
  values (?, ?, ?, ?, ?, ?::timestamptz + interval '1 day')
  on conflict (tenant_id, identifier, ip) do update set
    score = excluded.score + case when reputation.expires > excluded.updated then reputation.score else 0 end,
    updated = excluded.updated, expires = excluded.expires`);

/** A change of a record. */
export type ScoreChange = {
  /** Key, should the record be new. */
  readonly pk: string;
  readonly identifier: string;
  readonly ip: string;
  readonly by: 1 | -1;
  readonly at: Date;
};

/** Changes the record of a name at an address, in one statement: changes at once add up. */
export async function changeScore(em: EntityManager, { pk, identifier, ip, by, at }: ScoreChange): Promise<void> {
  await em.execute(CHANGE, [pk, identifier, ip, by, at, at]);
}

/** Reads the records of a tenant. */
export function createScores({
  database,
  clock,
}: {
  database: Pick<Database, 'read'>;
  clock: { now(): Date };
}): Scores {
  return {
    sum: (tenant, { ip, identifier }) =>
      database.read({ tenant }, async (em) => {
        const [row] = await em.execute<{ score: string | number | null }[]>(
          'select sum(score) as score from reputation where (ip = ? or identifier = ?) and expires > ?',
          [ip ?? null, identifier ?? null, clock.now()],
        );
        return Number(row?.score ?? 0);
      }),
  };
}
