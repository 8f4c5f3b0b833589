import type { Database, EntityManager } from '@postern/database';
import { common } from '@postern/errors';
import { createJobs, job } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import { directory } from '@postern/proto';
import { eventContext } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { requirePermission, requireThemselves } from '../../memberships/index.ts';
import { type Format, KINDS, type Kind } from '../files/index.ts';
import { requireOwn } from '../transfer.rule.ts';
import { WRITE_EXPORT } from './export.order.ts';
import { addExport, type ExportRow, findExport, findExportPart, removeExport } from './export.repository.ts';

/** What the service needs. */
export type ExportRpcDeps = {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly clock: { now(): Date };
  readonly ids: { next(): string };
};

/** How long files are kept. */
const KEPT_MS = 24 * 3_600_000;

const TYPES: Readonly<Record<Format, string>> = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' };

/** Exports of users, groups and roles. */
export function bindExports({ db, outbox, clock, ids }: ExportRpcDeps): BoundService {
  const jobs = createJobs({ outbox });
  const own = async (em: EntityManager, id: string, call: Call) => requireOwn(await findExport(em, id), call);

  return bind(directory.DirectoryExportServiceDefinition, {
    async createDirectoryExport({ export: given }, call) {
      if (given === undefined) throw common.INVALID_ARGUMENT();
      // The rules of the message know no other values.
      const [kind, format] = [given.kind as Kind, given.format as Format];
      requireThemselves(call);
      requirePermission(KINDS[kind].view, call);
      const { principal } = call.context;
      if (principal.kind !== 'user') throw common.PERMISSION_DENIED();
      const { pk: user, username } = principal.user;
      const pk = ids.next();
      const begun = clock.now();
      const expires = new Date(begun.getTime() + KEPT_MS);
      return db.write(call.context, async (em) => {
        await addExport(em, { pk, kind, format, user, username, begun, expires });
        await jobs.enqueue(em, eventContext(call), job(WRITE_EXPORT, { id: pk }, { uniqueKey: pk }));
        return encode(await own(em, pk, call));
      });
    },
    getDirectoryExport: ({ id }, call) => db.read(call.context, async (em) => encode(await own(em, id, call))),
    getDirectoryExportPart: ({ id, number }, call) =>
      db.read(call.context, async (em) => {
        const { format } = await own(em, id, call);
        const content = await findExportPart(em, id, number);
        if (content === undefined) throw common.NOT_FOUND();
        return { content_type: TYPES[format], data: Buffer.from(content), extensions: [] };
      }),
    deleteDirectoryExport: ({ id }, call) =>
      db.write(call.context, async (em) => {
        await own(em, id, call);
        await removeExport(em, id);
        return {};
      }),
  });
}

function encode({
  username,
  begun,
  finished,
  user: _user,
  lastKey: _lastKey,
  ...row
}: ExportRow): directory.DirectoryExport {
  return {
    ...row,
    begun_by: username,
    begun: new Date(begun).toISOString(),
    finished: finished === null ? undefined : new Date(finished).toISOString(),
  };
}
