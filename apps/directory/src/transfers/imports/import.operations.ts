import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { createJobs, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { requirePermission, requireThemselves } from '../../memberships/index.ts';
import { type Format, KINDS, type Kind } from '../files/index.ts';
import { transferErrors } from '../transfer.errors.ts';
import { requireOwn } from '../transfer.rule.ts';
import { READ_IMPORT } from './import.order.ts';
import {
  addImport,
  findImport,
  getImport,
  type ImportRow,
  keepPart,
  markStarted,
  partNumbers,
  removeImport,
} from './import.repository.ts';

/** What imports need. */
export type ImportDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
  readonly ids: { next(): string };
};

/** Imports as their askers see them. Those of others do not exist. */
export type Imports = {
  /** Throws PERMISSION_DENIED for a kind that the caller may not add. */
  create(given: { kind: Kind; format: Format; dryRun: boolean }, call: Call): Promise<ImportRow>;
  /** Throws NOT_FOUND, DIRECTORY_IMPORT_STARTED. */
  keep(part: { id: string; number: number; content: string }, call: Call): Promise<void>;
  /** Throws NOT_FOUND, DIRECTORY_IMPORT_STARTED, DIRECTORY_IMPORT_INCOMPLETE. */
  start(id: string, call: Call): Promise<ImportRow>;
  /** Throws NOT_FOUND. */
  remove(id: string, call: Call): Promise<void>;
};

/** How long files and reports are kept. */
export const KEPT_MS = 30 * 24 * 3_600_000;

/** Creates imports. */
export function createImports({ db, outbox, clock, ids }: ImportDeps): Imports {
  const jobs = createJobs({ outbox });

  /** An import to which nothing else happens meanwhile. */
  async function lock(em: EntityManager, id: string, call: Call): Promise<ImportRow> {
    const row = requireOwn(await findImport(em, id, 'for update'), call);
    if (row.status !== 'uploading') throw transferErrors.DIRECTORY_IMPORT_STARTED();
    return row;
  }

  return {
    create: ({ kind, format, dryRun }, call) => {
      requireThemselves(call);
      requirePermission(KINDS[kind].add, call);
      const { principal } = call.context;
      if (principal.kind !== 'user') throw common.PERMISSION_DENIED();
      const { pk: user, username } = principal.user;
      const begun = clock.now();
      const expires = new Date(begun.getTime() + KEPT_MS);
      const given = { pk: ids.next(), kind, format, dryRun, user, username, begun, expires };
      return db.write(call.context, (em) => addImport(em, given));
    },
    keep: ({ id, number, content }, call) =>
      db.write(call.context, async (em) => {
        await lock(em, id, call);
        if (content.includes('\0')) throw common.INVALID_ARGUMENT();
        await keepPart(em, id, number, content);
      }),
    start: (id, call) =>
      db.write(call.context, async (em) => {
        requireThemselves(call);
        await lock(em, id, call);
        const numbers = await partNumbers(em, id);
        const missing = numbers.findIndex((number, index) => number !== index + 1);
        if (numbers.length === 0 || missing >= 0)
          throw transferErrors.DIRECTORY_IMPORT_INCOMPLETE({ number: String(Math.max(missing, 0) + 1) });
        await markStarted(em, id);
        await jobs.enqueue(em, eventContext(call), job(READ_IMPORT, { id }, { uniqueKey: id }));
        return getImport(em, id);
      }),
    remove: (id, call) =>
      db.write(call.context, async (em) => {
        requireOwn(await findImport(em, id, 'for update'), call);
        await removeImport(em, id);
      }),
  };
}
