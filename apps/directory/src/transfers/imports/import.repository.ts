import { type EntityManager, isUuid } from '@postern/database';
import { common } from '@postern/errors';
import type { Format, Kind } from '../files/index.ts';
import type { RowOutcome } from '../rows/index.ts';

/** An import. Times are in milliseconds. */
export type ImportRow = {
  readonly pk: string;
  readonly kind: Kind;
  readonly format: Format;
  readonly dryRun: boolean;
  readonly status: 'uploading' | 'running' | 'done' | 'failed';
  readonly error: string;
  readonly user: number;
  readonly username: string;
  readonly total: number | null;
  readonly done: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly begun: number;
  readonly finished: number | null;
};

const millis = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

const COLUMNS = `pk, kind, format, dry_run as "dryRun", status, error, user_pk as "user", username, total, done, created_count as created,
  updated_count as updated, unchanged_count as unchanged, failed_count as failed, ${millis('begun')} as begun, ${millis('finished')} as finished`;

/** An import that begins. */
export type NewImport = Pick<ImportRow, 'pk' | 'kind' | 'format' | 'dryRun' | 'user' | 'username'> & {
  readonly begun: Date;
  readonly expires: Date;
};

/** Stores an import, whose file is sent next. */
export async function addImport(em: EntityManager, given: NewImport): Promise<ImportRow> {
  const { pk, kind, format, dryRun, user, username, begun, expires } = given;
  await em.execute(
    `insert into directory_import (pk, kind, format, dry_run, status, user_pk, username, begun, expires) values (?, ?, ?, ?, 'uploading', ?, ?, ?, ?)`,
    [pk, kind, format, dryRun, user, username, begun, expires],
  );
  return getImport(em, pk);
}

/** An import by its key. Throws NOT_FOUND. */
export async function getImport(em: EntityManager, pk: string): Promise<ImportRow> {
  const row = await findImport(em, pk);
  if (row === undefined) throw common.NOT_FOUND();
  return row;
}

/** An import by its key, undefined when it was forgotten. */
export async function findImport(em: EntityManager, pk: string, lock = ''): Promise<ImportRow | undefined> {
  if (!isUuid(pk)) return undefined;
  return (await em.execute<ImportRow[]>(`select ${COLUMNS} from directory_import where pk = ? ${lock}`, [pk]))[0];
}

/** The last imports of a user, the newest first. */
export function lastImports(em: EntityManager, user: number, limit: number): Promise<ImportRow[]> {
  return em.execute<ImportRow[]>(
    `select ${COLUMNS} from directory_import where user_pk = ? order by begun desc, pk desc limit ?`,
    [user, limit],
  );
}

/** Keeps a part of the file; one that is there gives way. */
export async function keepPart(em: EntityManager, pk: string, number: number, content: string): Promise<void> {
  await em.execute(
    `insert into directory_import_part (import_pk, number, content) values (?, ?, ?)
     on conflict (import_pk, number) do update set content = excluded.content`,
    [pk, number, content],
  );
}

/** Numbers of the parts, in their order. */
export async function partNumbers(em: EntityManager, pk: string): Promise<number[]> {
  const sql = 'select number from directory_import_part where import_pk = ? order by number';
  return (await em.execute<{ number: number }[]>(sql, [pk])).map(({ number }) => number);
}

/** A part of the file; undefined after the last one. */
export async function findPart(em: EntityManager, pk: string, number: number): Promise<string | undefined> {
  const sql = 'select content from directory_import_part where import_pk = ? and number = ?';
  return (await em.execute<{ content: string }[]>(sql, [pk, number]))[0]?.content;
}

/** Notes that a job reads the file from now on. */
export async function markStarted(em: EntityManager, pk: string): Promise<void> {
  await em.execute(`update directory_import set status = 'running' where pk = ?`, [pk]);
}

/** Notes how many rows the file has. */
export async function setTotal(em: EntityManager, pk: string, total: number): Promise<void> {
  await em.execute('update directory_import set total = ? where pk = ?', [total, pk]);
}

/** Lets nobody else do the rows behind those that are noted, until the transaction ends: false when the import was forgotten or somebody else went on with it. */
export async function takeTurn(em: EntityManager, { pk, done }: ImportRow): Promise<boolean> {
  const sql = `select 1 from directory_import where pk = ? and done = ? and status = 'running' for update`;
  return (await em.execute<unknown[]>(sql, [pk, done])).length > 0;
}

/** Notes what became of rows, if nobody has done so: false when the import was forgotten or somebody else went on with it. */
export async function noteRows(
  em: EntityManager,
  { pk, done }: ImportRow,
  rows: readonly RowOutcome[],
): Promise<boolean> {
  const count = (outcome: RowOutcome['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const noted = await em.execute<unknown[]>(
    `update directory_import set done = ?, created_count = created_count + ?, updated_count = updated_count + ?,
       unchanged_count = unchanged_count + ?, failed_count = failed_count + ?
     where pk = ? and done = ? and status = 'running' returning 1`,
    [done + rows.length, count('created'), count('updated'), count('unchanged'), count('failed'), pk, done],
  );
  if (noted.length === 0) return false;
  await em.execute(
    `insert into directory_import_row (import_pk, number, line, key, outcome, field, message)
     select ?, r.number, r.line, r.key, r.outcome, r.field, r.message from jsonb_to_recordset(?::jsonb)
       as r (number int, line int, key text, outcome text, field text, message text)`,
    [pk, JSON.stringify(rows, (_name, value: unknown) => (typeof value === 'string' ? keepable(value) : value))],
  );
  return true;
}

/** What a report quotes may be cut in the middle of a character, or be what was wrong. */
function keepable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Ends an import; its file is not needed any more. */
export async function finishImport(em: EntityManager, pk: string, error: string, now: Date): Promise<void> {
  const sql = `update directory_import set status = ?, error = ?, finished = ? where pk = ? and status = 'running'`;
  await em.execute(sql, [error === '' ? 'done' : 'failed', error, now, pk]);
  await em.execute('delete from directory_import_part where import_pk = ?', [pk]);
}

/** Which of these names rows that were looked at would make objects of. */
export async function expectedAmong(em: EntityManager, pk: string, names: readonly string[]): Promise<Set<string>> {
  const rows = await em.execute<{ key: string }[]>(
    `select key from directory_import_row where import_pk = ? and outcome = 'created'
       and md5(key) = any (array(select md5(name) from jsonb_array_elements_text(?::jsonb) as name))`,
    [pk, JSON.stringify(names)],
  );
  return new Set(rows.map(({ key }) => key));
}

/** What became of rows after a number, those with one outcome where it is given. */
export function rowsAfter(
  em: EntityManager,
  pk: string,
  outcome: string,
  after: number,
  limit: number,
): Promise<RowOutcome[]> {
  const only = outcome === '' ? '' : 'and outcome = ?';
  return em.execute<RowOutcome[]>(
    `select number, line, key, outcome, field, message from directory_import_row where import_pk = ? ${only} and number > ? order by number limit ?`,
    [pk, ...(outcome === '' ? [] : [outcome]), after, limit],
  );
}

/** Forgets an import. */
export async function removeImport(em: EntityManager, pk: string): Promise<void> {
  await em.execute('delete from directory_import where pk = ?', [pk]);
}
