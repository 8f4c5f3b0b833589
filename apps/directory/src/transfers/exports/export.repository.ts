import { type EntityManager, isUuid } from '@postern/database';
import type { Format, Kind } from '../files/index.ts';

/** An export. Times are in milliseconds. */
export type ExportRow = {
  readonly pk: string;
  readonly kind: Kind;
  readonly format: Format;
  readonly status: 'running' | 'done' | 'failed';
  readonly error: string;
  readonly user: number;
  readonly username: string;
  readonly done: number;
  readonly parts: number;
  /** Key of the last object that was written; empty before the first. */
  readonly lastKey: string;
  readonly begun: number;
  readonly finished: number | null;
};

const millis = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

const COLUMNS = `pk, kind, format, status, error, user_pk as "user", username, done, parts, last_key as "lastKey", ${millis('begun')} as begun,
  ${millis('finished')} as finished`;

/** An export that begins. */
export type NewExport = Pick<ExportRow, 'pk' | 'kind' | 'format' | 'user' | 'username'> & {
  readonly begun: Date;
  readonly expires: Date;
};

/** Stores an export. */
export async function addExport(em: EntityManager, given: NewExport): Promise<void> {
  const { pk, kind, format, user, username, begun, expires } = given;
  await em.execute(
    `insert into directory_export (pk, kind, format, status, user_pk, username, begun, expires) values (?, ?, ?, 'running', ?, ?, ?, ?)`,
    [pk, kind, format, user, username, begun, expires],
  );
}

/** An export by its key, undefined when it was forgotten. */
export async function findExport(em: EntityManager, pk: string): Promise<ExportRow | undefined> {
  if (!isUuid(pk)) return undefined;
  return (await em.execute<ExportRow[]>(`select ${COLUMNS} from directory_export where pk = ?`, [pk]))[0];
}

/** A part of the file. */
export async function findExportPart(em: EntityManager, pk: string, number: number): Promise<string | undefined> {
  const sql = 'select content from directory_export_part where export_pk = ? and number = ?';
  return (await em.execute<{ content: string }[]>(sql, [pk, number]))[0]?.content;
}

/** Text that was written, and how far that is. */
export type Written = { readonly text: string; readonly rows: number; readonly lastKey: string };

/** Keeps a part, if nobody has gone on with the export: false when somebody has, or it was forgotten. */
export async function keepWritten(
  em: EntityManager,
  at: ExportRow,
  { text, rows, lastKey }: Written,
): Promise<boolean> {
  const noted = await em.execute<unknown[]>(
    `update directory_export set done = ?, parts = ?, last_key = ? where pk = ? and last_key = ? and parts = ? and status = 'running' returning 1`,
    [at.done + rows, at.parts + 1, lastKey, at.pk, at.lastKey, at.parts],
  );
  if (noted.length === 0) return false;
  await em.execute('insert into directory_export_part (export_pk, number, content) values (?, ?, ?)', [
    at.pk,
    at.parts + 1,
    text,
  ]);
  return true;
}

/** Ends an export. */
export async function finishExport(em: EntityManager, pk: string, error: string, now: Date): Promise<void> {
  const sql = `update directory_export set status = ?, error = ?, finished = ? where pk = ? and status = 'running'`;
  await em.execute(sql, [error === '' ? 'done' : 'failed', error, now, pk]);
}

/** Forgets an export. */
export async function removeExport(em: EntityManager, pk: string): Promise<void> {
  await em.execute('delete from directory_export where pk = ?', [pk]);
}
