/** Imports and exports as tests run them: over the whole directory, with jobs done as `tasks` would. */

import { randomUUID } from 'node:crypto';
import { createLogger } from '@postern/observability';
import { directory, jobs as jobFacts } from '@postern/proto';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

/** Starts it for one test file. `onQuery` is told about every statement. */
export async function servedTransfers(options: Parameters<typeof servedDirectory>[0] = {}) {
  const served = await servedDirectory(options);
  const { as, exports, facts, imports, jobs, service, tenant, users } = served;

  /** A tenant with somebody who asks: with these permissions of their own, without any a superuser. */
  async function anAsker(permissions?: readonly string[]) {
    const of = tenant();
    const boss = await add(of, 'boss');
    const group = directory.Group.fromPartial({ name: 'administrators', is_superuser: true, users: [boss] });
    await served.groups.createGroup({ group }, service(of));
    if (permissions === undefined) return { of, pk: boss, call: as(of, { pk: boss }) };
    const pk = await add(of, 'delegate');
    const assignment = { permissions: [...permissions], model: '', object_pk: '' };
    await served.permissions.assignUserPermissions({ id: pk, assignment }, as(of, { pk: boss }));
    return { of, pk, call: as(of, { pk, permissions }) };
  }

  async function add(of: string, username: string): Promise<number> {
    const user = directory.User.fromPartial({ username, path: 'users', type: 'internal', is_active: true });
    return (await users.createUser({ user }, service(of))).pk;
  }

  /** Does the jobs of a tenant that were asked for since, one after the other, those that they ask for included. One that fails is next again. */
  const settled = new Map<string, number>();
  async function work(of: string, attempt = 1): Promise<string[]> {
    const messages: string[] = [];
    for (;;) {
      const asked = (await facts(of))
        .filter(({ subject }) => subject === 'jobs.v1.job.requested')
        .flatMap(({ payload }) => jobFacts.JobRequested.decode(payload).jobs);
      const next = asked.at(settled.get(of) ?? 0);
      if (next === undefined) return messages;
      const handler = jobs.find(({ definition }) => definition.name === next.name);
      const run = { tenant: of, id: randomUUID(), attempt, progress: () => undefined };
      const log = createLogger({ level: 'silent' });
      const result = await handler?.run(JSON.parse(next.args), { ...run, log, signal: new AbortController().signal });
      settled.set(of, (settled.get(of) ?? 0) + 1);
      messages.push(...(result?.messages ?? []));
    }
  }

  type Asker = Awaited<ReturnType<typeof anAsker>>;

  /** Sends a file in parts of so many characters and starts its import. */
  async function send(
    { call }: Pick<Asker, 'call'>,
    file: string,
    given: { kind?: string; format?: string; dry_run?: boolean; size?: number } = {},
  ) {
    const { kind = 'users', format = 'csv', dry_run = false, size = 1_000 } = given;
    const { pk: id } = await imports.createDirectoryImport({ import: { kind, format, dry_run } }, call);
    for (let start = 0; start < file.length || start === 0; start += size)
      await imports.uploadDirectoryImportPart(
        { id, number: start / size + 1, content: file.slice(start, start + size) },
        call,
      );
    await imports.startDirectoryImport({ id }, call);
    return id;
  }

  /** Imports a file to its end: how it went, and what became of each row. */
  async function read(asker: Pick<Asker, 'call' | 'of'>, file: string, given: Parameters<typeof send>[2] = {}) {
    const id = await send(asker, file, given);
    await work(asker.of);
    const { results } = await imports.listDirectoryImportRows({ id }, asker.call);
    const told = results.map(({ key, outcome, field, message }) =>
      [key, outcome, field, message].filter(Boolean).join(' '),
    );
    return { id, report: await imports.getDirectoryImport({ id }, asker.call), told };
  }

  /** Exports a kind: the whole file. */
  async function written({ of, call }: Pick<Asker, 'call' | 'of'>, kind: string, format = 'csv'): Promise<string> {
    const { pk: id } = await exports.createDirectoryExport({ export: { kind, format } }, call);
    await work(of);
    const { parts } = await exports.getDirectoryExport({ id }, call);
    const numbers = Array.from({ length: parts }, (_, index) => index + 1);
    const bodies = await Promise.all(numbers.map((number) => exports.getDirectoryExportPart({ id, number }, call)));
    return bodies.map(({ data }) => Buffer.from(data).toString()).join('');
  }

  return { ...served, anAsker, add, work, send, read, written };
}
