import type { EntityManager } from '@postern/database';
import { common } from '@postern/errors';

/** The services that have a part in it, in the order of the report. The directory does its own at once. */
export const SERVICES = ['directory', 'auth', 'providers'] as const;

/** A service that keeps something by which users act. */
export type Holder = Exclude<(typeof SERVICES)[number], 'directory'>;

/** How many of each kind ended. */
export type Ended = Readonly<Record<string, number>>;

/** What a service did. */
export type Part = {
  readonly service: string;
  readonly status: 'waiting' | 'done' | 'failed';
  readonly error: string;
  readonly ended: Ended;
};

/** The report of an off-boarding. Times are in milliseconds. */
export type OffBoardingRow = {
  readonly pk: string;
  readonly user: number;
  readonly username: string;
  readonly status: 'running' | 'done' | 'failed';
  readonly begunBy: string;
  readonly begun: number;
  readonly finished: number | null;
  readonly parts: readonly Part[];
};

const millis = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

// What a service did is shown in the order in which it is asked.
const ROW = `select o.pk, o.user_pk as "user", o.username, o.status, o.begun_by as "begunBy", ${millis('o.begun')} as begun,
    ${millis('o.finished')} as finished,
    (select coalesce(jsonb_agg(jsonb_build_object('service', p.service, 'status', p.status, 'error', p.error, 'ended', p.ended)
      order by array_position(array['${SERVICES.join("','")}'], p.service)), '[]')
      from off_boarding_part p where p.off_boarding_pk = o.pk) as parts
  from off_boarding o`;

/** A report by its key. Throws NOT_FOUND. */
export async function getOffBoarding(em: EntityManager, pk: string): Promise<OffBoardingRow> {
  return first(await em.execute<OffBoardingRow[]>(`${ROW} where o.pk = ?`, [pk]));
}

/** The last report about a user. Throws NOT_FOUND. */
export async function getLastOffBoarding(em: EntityManager, user: number): Promise<OffBoardingRow> {
  return first(
    await em.execute<OffBoardingRow[]>(`${ROW} where o.user_pk = ? order by o.begun desc, o.pk desc limit 1`, [user]),
  );
}

/** Key of the off-boarding of a user that is under way. */
export async function findRunning(em: EntityManager, user: number): Promise<string | undefined> {
  const sql = `select pk from off_boarding where user_pk = ? and status = 'running'`;
  return (await em.execute<{ pk: string }[]>(sql, [user]))[0]?.pk;
}

/** An off-boarding that begins. */
export type Beginning = {
  readonly pk: string;
  readonly user: number;
  readonly username: string;
  readonly begunBy: string;
  readonly begun: Date;
};

/** Stores an off-boarding, in which nobody has done anything yet. */
export async function begin(em: EntityManager, { pk, user, username, begunBy, begun }: Beginning): Promise<void> {
  await em.execute('insert into off_boarding (pk, user_pk, username, begun_by, begun) values (?, ?, ?, ?, ?)', [
    pk,
    user,
    username,
    begunBy,
    begun,
  ]);
  for (const service of SERVICES)
    await em.execute('insert into off_boarding_part (off_boarding_pk, service) values (?, ?)', [pk, service]);
}

/** Notes that a service did its part; what ended is added to what ended before. */
export async function partDone(em: EntityManager, pk: string, service: string, ended: Ended): Promise<void> {
  const sql = `update off_boarding_part set status = 'done', error = '' where off_boarding_pk = ? and service = ?`;
  await em.execute(sql, [pk, service]);
  await addEnded(em, pk, service, ended);
}

/** Notes that a service could not do its part. */
export async function partFailed(em: EntityManager, pk: string, service: string, error: string): Promise<void> {
  await em.execute(
    `update off_boarding_part set status = 'failed', error = ? where off_boarding_pk = ? and service = ? and status <> 'done'`,
    [error, pk, service],
  );
}

/** Adds to what ended in a service. */
export async function addEnded(em: EntityManager, pk: string, service: string, ended: Ended): Promise<void> {
  for (const [kind, count] of Object.entries(ended).filter(([, one]) => one > 0)) {
    await em.execute(
      `update off_boarding_part set ended = ended || jsonb_build_object(?::text, coalesce((ended ->> ?)::bigint, 0) + ?::bigint)
       where off_boarding_pk = ? and service = ?`,
      [kind, kind, count, pk, service],
    );
  }
}

/** Ends an off-boarding, if it is under way. */
export async function finish(em: EntityManager, pk: string, status: 'done' | 'failed', now: Date): Promise<void> {
  await em.execute(
    `update off_boarding set status = ?, finished = ?, updated = ? where pk = ? and status = 'running'`,
    [status, now, now, pk],
  );
}

/** Key of the off-boarding of a user that was under way at a time. */
export async function findAt(em: EntityManager, user: number, at: Date): Promise<string | undefined> {
  const sql = `select pk from off_boarding where user_pk = ? and begun <= ? and (finished is null or finished >= ?) order by begun desc limit 1`;
  return (await em.execute<{ pk: string }[]>(sql, [user, at, at]))[0]?.pk;
}

function first([row]: readonly OffBoardingRow[]): OffBoardingRow {
  if (row === undefined) throw common.NOT_FOUND();
  return row;
}
