import type { Database } from '@postern/database';
import { common } from '@postern/errors';
import { directory } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';
import type { Format, Kind } from '../files/index.ts';
import { requireOwn } from '../transfer.rule.ts';
import type { Imports } from './import.operations.ts';
import { findImport, type ImportRow, lastImports, rowsAfter } from './import.repository.ts';

/** What the service needs. */
export type ImportRpcDeps = { readonly db: Pick<Database, 'read'>; readonly imports: Imports };

const LISTED = 100;
const PAGE = 1_000;

/** Imports of users, groups and roles. */
export function bindImports({ db, imports }: ImportRpcDeps): BoundService {
  const own = (id: string, call: Call) =>
    db.read(call.context, async (em) => requireOwn(await findImport(em, id), call));
  return bind(directory.DirectoryImportServiceDefinition, {
    listDirectoryImports: (_request, { context }) =>
      db.read(context, async (em) => {
        if (context.principal.kind !== 'user') throw common.PERMISSION_DENIED();
        return { results: (await lastImports(em, context.principal.user.pk, LISTED)).map(encode) };
      }),
    createDirectoryImport: async ({ import: given }, call) => {
      if (given === undefined) throw common.INVALID_ARGUMENT();
      // The rules of the message know no other values.
      const asked = { kind: given.kind as Kind, format: given.format as Format, dryRun: given.dry_run };
      return encode(await imports.create(asked, call));
    },
    uploadDirectoryImportPart: async (part, call) => {
      await imports.keep(part, call);
      return {};
    },
    startDirectoryImport: async ({ id }, call) => encode(await imports.start(id, call)),
    getDirectoryImport: async ({ id }, call) => encode(await own(id, call)),
    listDirectoryImportRows: async ({ id, outcome, after }, call) => {
      await own(id, call);
      const rows = await db.read(call.context, (em) => rowsAfter(em, id, outcome, after, PAGE + 1));
      return { results: rows.slice(0, PAGE), more: rows.length > PAGE };
    },
    deleteDirectoryImport: async ({ id }, call) => {
      await imports.remove(id, call);
      return {};
    },
  });
}

function encode({
  dryRun,
  username,
  total,
  begun,
  finished,
  user: _user,
  ...row
}: ImportRow): directory.DirectoryImport {
  return {
    ...row,
    dry_run: dryRun,
    begun_by: username,
    total: total ?? undefined,
    begun: new Date(begun).toISOString(),
    finished: finished === null ? undefined : new Date(finished).toISOString(),
  };
}
