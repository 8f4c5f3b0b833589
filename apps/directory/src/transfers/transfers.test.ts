import { directory } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedTransfers } from './transfers.fixture.ts';

const { add, anAsker, as, exports, groups, imports, read, send, sql, subjects, tenant, users, work, written } =
  await servedTransfers();

const find = async (of: string, username: string) => (await users.listUsers({ username }, as(of))).results[0];

describe('an import', () => {
  it('is refused to who may not add what it brings, to who acts as somebody else, and hidden from others', async () => {
    const asker = await anAsker(['authentik_core.add_user']);
    const begin = (kind: string, call = asker.call) =>
      imports.createDirectoryImport({ import: { kind, format: 'csv' } }, call);
    const denied = { reason: 'PERMISSION_DENIED' };
    await expect(begin('users', as(asker.of, { permissions: ['authentik_core.view_user'] }))).rejects.toMatchObject(
      denied,
    );
    await expect(begin('groups')).rejects.toMatchObject(denied);
    const impersonator = { pk: 1, uuid: asker.of, username: 'x', name: 'x', email: '' };
    await expect(begin('users', as(asker.of, { pk: asker.pk, impersonator }))).rejects.toMatchObject(denied);
    await expect(begin('tenants')).rejects.toMatchObject({ reason: 'INVALID_FIELDS' });
    const { pk: id } = await begin('users');
    const other = as(asker.of, { pk: 999, permissions: ['authentik_core.add_user'] });
    for (const call of [other, as(tenant())]) {
      await expect(imports.getDirectoryImport({ id }, call)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
      await expect(imports.uploadDirectoryImportPart({ id, number: 1, content: 'x' }, call)).rejects.toMatchObject({
        reason: 'NOT_FOUND',
      });
      await expect(imports.startDirectoryImport({ id }, call)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
      await expect(imports.listDirectoryImportRows({ id }, call)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
      await expect(imports.deleteDirectoryImport({ id }, call)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    }
  });

  it('is started once, when its file is whole, and takes no more parts then', async () => {
    const { call } = await anAsker();
    const { pk: id } = await imports.createDirectoryImport({ import: { kind: 'users', format: 'csv' } }, call);
    const incomplete = { reason: 'DIRECTORY_IMPORT_INCOMPLETE' };
    await expect(imports.startDirectoryImport({ id }, call)).rejects.toMatchObject(incomplete);
    await imports.uploadDirectoryImportPart({ id, number: 2, content: 'a\n' }, call);
    await expect(imports.startDirectoryImport({ id }, call)).rejects.toMatchObject(incomplete);
    await imports.uploadDirectoryImportPart({ id, number: 1, content: 'username\n' }, call);
    await expect(imports.uploadDirectoryImportPart({ id, number: 257, content: '' }, call)).rejects.toMatchObject({
      reason: 'INVALID_FIELDS',
    });
    await imports.startDirectoryImport({ id }, call);
    const started = { reason: 'DIRECTORY_IMPORT_STARTED' };
    await expect(imports.startDirectoryImport({ id }, call)).rejects.toMatchObject(started);
    await expect(imports.uploadDirectoryImportPart({ id, number: 3, content: '' }, call)).rejects.toMatchObject(
      started,
    );
  });

  it('does nothing when the file cannot be read, and says why', async () => {
    const asker = await anAsker();
    const { report } = await read(asker, 'username,password\nnobody,secret\n');
    expect(report).toMatchObject({
      status: 'failed',
      done: 0,
      error: expect.stringContaining('credentials are not imported'),
    });
    const late = await read(asker, 'username,name\nfirst,x\nsecond,"x\n');
    expect(late.report).toMatchObject({ status: 'failed', done: 0, error: expect.stringContaining('does not end') });
    expect(await find(asker.of, 'first')).toBeUndefined();
  });

  it('gives nobody more than their asker has: superusers, groups with rights, strong users, accounts of the platform', async () => {
    const may = ['add_user', 'change_user', 'add_group', 'change_group', 'view_group', 'view_user'].map(
      (one) => `authentik_core.${one}`,
    );
    const asker = await anAsker(may);
    const before = await sql('select group_pk, user_pk from membership where tenant_id = $1', [asker.of]);
    const { told } = await read(
      asker,
      'username,groups,type\ndelegate,administrators,internal\nnewcomer,administrators,internal\nboss,,external\nrobot,,internal_service_account\n',
    );
    expect(told).toEqual([
      'delegate failed Only a superuser may change superusers and what makes one.',
      'newcomer failed Only a superuser may change superusers and what makes one.',
      'boss failed Only a superuser may change superusers and what makes one.',
      'robot failed type Setting a user to internal service account is not allowed.',
    ]);
    const ofGroups = await read(
      asker,
      'name,is_superuser,members\nadministrators,true,boss;delegate\nmine,true,delegate\n',
      { kind: 'groups' },
    );
    expect(ofGroups.report).toMatchObject({ status: 'done', failed: 2, created: 0 });
    expect(await sql('select group_pk, user_pk from membership where tenant_id = $1', [asker.of])).toEqual(before);
    expect(await find(asker.of, 'newcomer')).toBeUndefined();
  });

  it('goes by the rights that the asker has when a row is read', async () => {
    const asker = await anAsker(['authentik_core.add_user']);
    const id = await send(asker, 'username\na\n');
    await sql('delete from user_permission where user_pk = $1', [asker.pk]);
    await work(asker.of);
    expect((await imports.listDirectoryImportRows({ id }, asker.call)).results).toMatchObject([
      { key: 'a', outcome: 'failed' },
    ]);
    const inactive = await anAsker();
    const other = await send(inactive, 'username\na\n');
    await sql('update user_account set is_active = false where pk = $1', [inactive.pk]);
    await work(inactive.of);
    expect(await imports.getDirectoryImport({ id: other }, inactive.call)).toMatchObject({ status: 'failed', done: 0 });
  });

  it('makes, changes and leaves users, and names the field of what is wrong', async () => {
    const asker = await anAsker();
    await groups.createGroup({ group: directory.Group.fromPartial({ name: 'staff' }) }, asker.call);
    const head = 'username,name,email,is_active,attributes,groups\n';
    const rows = [
      'ada,Ada,ada@example.com,true,"{""a"":1}",staff',
      'bob,Bob,,false,,',
      'eve,Eve,no address,true,,',
      'mia,Mia,,true,,nobody',
      `${'x'.repeat(151)},,,true,,`,
    ];
    const { report, told } = await read(asker, head + rows.join('\n'), { size: 10 });
    expect(report).toMatchObject({ status: 'done', total: 5, done: 5, created: 2, failed: 3, begun_by: 'caller' });
    expect(told.slice(0, 4)).toEqual([
      'ada created',
      'bob created',
      expect.stringMatching(/^eve failed email /),
      'mia failed groups There is nothing called nobody.',
    ]);
    expect(told[4]).toMatch(/failed username /);
    expect(await find(asker.of, 'ada')).toMatchObject({
      name: 'Ada',
      email: 'ada@example.com',
      attributes: { a: 1 },
      groups_obj: [{ name: 'staff' }],
    });
    expect(await find(asker.of, 'bob')).toMatchObject({
      is_active: false,
      path: 'users',
      type: 'internal',
      groups: [],
    });

    const told0 = (await subjects(asker.of)).length;
    const again = await read(asker, head + rows.slice(0, 2).join('\n'));
    expect(again.report).toMatchObject({ unchanged: 2, updated: 0, created: 0 });
    expect((await subjects(asker.of)).slice(told0).filter((one) => one.startsWith('directory.'))).toEqual([]);
    const changed = await read(asker, '{"username":"ada","groups":[]}\n{"username":"bob","is_active":true}\n', {
      format: 'jsonl',
    });
    expect(changed.told).toEqual(['ada updated', 'bob updated']);
    expect(await find(asker.of, 'ada')).toMatchObject({ name: 'Ada', groups: [] });
    expect(await find(asker.of, 'bob')).toMatchObject({ name: 'Bob', is_active: true });
  });

  it('makes groups with parents and members, and roles with permissions that it gives and takes', async () => {
    const asker = await anAsker();
    await add(asker.of, 'ada');
    const { told } = await read(
      asker,
      'name,permissions\nreaders,authentik_core.view_user;authentik_core.view_group\nwrong,authentik_core.fly\n',
      { kind: 'roles' },
    );
    expect(told).toEqual([
      'readers created',
      'wrong failed permissions There is no permission called authentik_core.fly.',
    ]);
    const made = await read(
      asker,
      'name,parent,roles,members\ntop,,readers,\nbelow,top,,ada\nlost,nowhere,,\nmore,,,nobody\n',
      { kind: 'groups' },
    );
    expect(made.told).toEqual([
      'top created',
      'below created',
      'lost failed parent There is nothing called nowhere.',
      'more failed members There is nothing called nobody.',
    ]);
    const { results } = await groups.listGroups({ name: 'below' }, asker.call);
    expect(results).toMatchObject([{ parent_name: 'top', users_obj: [{ username: 'ada' }] }]);
    await read(asker, '{"name":"readers","permissions":["authentik_core.view_user"]}', {
      kind: 'roles',
      format: 'jsonl',
    });
    expect(await sql('select permission from role_permission where tenant_id = $1', [asker.of])).toEqual([
      { permission: 'authentik_core.view_user' },
    ]);
  });

  it('changes nothing in a dry run, and says what would happen', async () => {
    const asker = await anAsker();
    const existing = await add(asker.of, 'ada');
    const before = (await subjects(asker.of)).filter((one) => one.startsWith('directory.'));
    const file = 'username,name,email\nada,Ada,\nnew,New,\nnew,Newer,\nbad,,nonsense\n';
    const { told, report } = await read(asker, file, { dry_run: true });
    expect(told.slice(0, 3)).toEqual(['ada updated', 'new created', 'new updated']);
    expect(report).toMatchObject({ dry_run: true, failed: 1 });
    const ofGroups = await read(asker, 'name,parent\ntop,\nbelow,top\n', { kind: 'groups', dry_run: true });
    expect(ofGroups.told).toEqual(['top created', 'below created']);
    expect(
      (await read(asker, 'name,permissions\nr,authentik_core.view_user\n', { kind: 'roles', dry_run: true })).told,
    ).toEqual(['r created']);
    expect((await users.getUser({ id: existing }, asker.call)).name).toBe('');
    expect(await find(asker.of, 'new')).toBeUndefined();
    expect((await subjects(asker.of)).filter((one) => one.startsWith('directory.'))).toEqual(before);
  });

  it('goes on behind what was noted, however often it is interrupted, and not beside itself', async () => {
    const asker = await anAsker();
    const names = Array.from({ length: 120 }, (_, index) => `user-${index}`);
    const id = await send(asker, `username\n${names.join('\n')}\n`);
    await sql('update directory_import set done = 50, total = 120, created_count = 50 where pk = $1', [id]);
    await work(asker.of);
    const report = await imports.getDirectoryImport({ id }, asker.call);
    expect(report).toMatchObject({ status: 'done', done: 120, created: 120 });
    const { results } = await imports.listDirectoryImportRows({ id, outcome: 'created', after: 100 }, asker.call);
    expect(results.map(({ number, line }) => [number, line])[0]).toEqual([101, 102]);
    const [row] = await sql<{ n: number }>(
      `select count(*)::int as n from user_account where tenant_id = $1 and username like 'user-%'`,
      [asker.of],
    );
    expect(row?.n).toBe(70);
    expect(await sql('select 1 from directory_import_part where import_pk = $1', [id])).toEqual([]);
  });

  it('reads the rows behind one that fails for a reason of ours, when it does so again, and ends when it cannot go on', async () => {
    await sql(`create function unforeseen() returns trigger language plpgsql as
      $$ begin if new.username = 'poison' then raise exception 'unforeseen'; end if; return new; end $$`);
    await sql('create trigger unforeseen before insert on user_account for each row execute function unforeseen()');
    const asker = await anAsker();
    const id = await send(asker, 'username\na\npoison\nb\n');
    await expect(work(asker.of)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await imports.getDirectoryImport({ id }, asker.call)).toMatchObject({ status: 'running', done: 0 });
    await work(asker.of, 3);
    const { results } = await imports.listDirectoryImportRows({ id }, asker.call);
    expect(results.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['a', 'created'],
      ['poison', 'failed'],
      ['b', 'created'],
    ]);
    await sql('alter table directory_import_row add constraint unforeseen check (false) not valid');
    const stuck = await send(asker, 'username\nc\n');
    await expect(work(asker.of, 20)).rejects.toThrow();
    await sql('alter table directory_import_row drop constraint unforeseen');
    await sql('drop trigger unforeseen on user_account');
    const report = await imports.getDirectoryImport({ id: stuck }, asker.call);
    expect(report).toMatchObject({ status: 'failed', error: expect.stringContaining('could not go on') });
  });

  it('reports what cannot be kept itself', async () => {
    const asker = await anAsker();
    const fields = [`${'x'.repeat(99)}😀`, '\\ud800', '\\u0000'];
    const file = fields.map((field) => `{"username":"a","${field}":1}\n`).join('');
    const { report } = await read(asker, file, { format: 'jsonl' });
    expect(report).toMatchObject({ status: 'done', failed: 3 });
  });

  it('stops when it is forgotten', async () => {
    const asker = await anAsker();
    const id = await send(asker, 'username\na\n');
    await imports.deleteDirectoryImport({ id }, asker.call);
    expect(await work(asker.of)).toEqual(['There is nothing to do.']);
    expect(await find(asker.of, 'a')).toBeUndefined();
  });
});

describe('an export', () => {
  it('is refused to who may not see all of it, at the start and later, and hidden from others', async () => {
    const asker = await anAsker(['authentik_core.view_user']);
    const begin = (kind: string, call = asker.call) =>
      exports.createDirectoryExport({ export: { kind, format: 'csv' } }, call);
    await expect(begin('roles')).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
    await expect(begin('users', as(asker.of, { permissions: [] }))).rejects.toMatchObject({
      reason: 'PERMISSION_DENIED',
    });
    const { pk: id } = await begin('users');
    const other = as(asker.of, { pk: 999, permissions: ['authentik_core.view_user'] });
    for (const call of [other, as(tenant())]) {
      await expect(exports.getDirectoryExport({ id }, call)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
      await expect(exports.getDirectoryExportPart({ id, number: 1 }, call)).rejects.toMatchObject({
        reason: 'NOT_FOUND',
      });
    }
    await sql('delete from user_permission where user_pk = $1', [asker.pk]);
    await work(asker.of);
    expect(await exports.getDirectoryExport({ id }, asker.call)).toMatchObject({ status: 'failed', parts: 0 });
  });

  it.each(['csv', 'jsonl'])('as %s is what an import reads, elsewhere and here', async (format) => {
    const [here, there] = [await anAsker(), await anAsker()];
    await read(here, 'name,permissions\nreaders,authentik_core.view_user\n', { kind: 'roles' });
    await read(here, 'name,parent,roles,attributes\ntop,,readers,"{""a"":1}"\nbelow,top,,\n', { kind: 'groups' });
    await read(here, 'username,name,groups\nada,"=Ada, ""A""",top;below\nbob,,\n');
    for (const kind of ['roles', 'groups', 'users']) {
      const file = await written(here, kind, format);
      expect((await read(here, file, { kind, format })).report).toMatchObject({
        status: 'done',
        failed: 0,
        created: 0,
        updated: 0,
      });
      expect((await read(there, file, { kind, format })).report).toMatchObject({ status: 'done', failed: 0 });
    }
    expect(await written(there, 'users', format)).toBe(await written(here, 'users', format));
  });
});
