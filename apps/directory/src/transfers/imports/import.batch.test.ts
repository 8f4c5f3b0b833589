import { describe, expect, it } from 'vitest';
import { servedTransfers } from '../transfers.fixture.ts';

const statements: string[] = [];
const { add, anAsker, around, as, facts, groups, imports, permissions, read, send, settle, sql, users, work } =
  await servedTransfers({
    onQuery: ({ sql: text }) => statements.push(text),
  });

const BATCH = 50;
const names = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
const stored = async (of: string) =>
  (
    await sql<{ username: string }>(
      `select username from user_account where tenant_id = $1 and username like 'user-%' order by pk`,
      [of],
    )
  ).map(({ username }) => username);
const created = async (of: string) =>
  (await facts(of)).filter(({ subject }) => subject === 'directory.v1.user.created').length;

describe('rows of one batch', () => {
  it('fail alone in the middle of it, leave nothing of themselves behind, and tell of nothing', async () => {
    const asker = await anAsker();
    await groups.createGroup({ group: { name: 'staff' } }, asker.call);
    const before = await created(asker.of);
    const rows = [
      'user-1,a@example.com,staff',
      'user-2,nonsense,',
      'user-3,,nobody',
      `${'x'.repeat(151)},,`,
      'user-4,,',
    ];
    const { told } = await read(asker, `username,email,groups\n${rows.join('\n')}\n`);
    expect(told.map((one) => one.split(' ').slice(0, 3).join(' '))).toEqual([
      'user-1 created',
      'user-2 failed email',
      'user-3 failed groups',
      expect.stringMatching(/failed username$/),
      'user-4 created',
    ]);
    expect(await stored(asker.of)).toEqual(['user-1', 'user-4']);
    expect((await created(asker.of)) - before).toBe(2);
  });

  it('that fail in the database keep those before and behind them', async () => {
    await sql(`create function taken() returns trigger language plpgsql as $$ begin
      if new.username = 'user-taken' then raise unique_violation using constraint = 'user_account__username'; end if; return new; end $$`);
    await sql('create trigger taken before insert on user_account for each row execute function taken()');
    const asker = await anAsker();
    const { told } = await read(asker, 'username\nuser-1\nuser-taken\nuser-2\n');
    await sql('drop trigger taken on user_account');
    expect(told).toEqual(['user-1 created', expect.stringMatching(/^user-taken failed username /), 'user-2 created']);
    expect(await stored(asker.of)).toEqual(['user-1', 'user-2']);
  });

  it('see what those before them did: the same name twice, a parent, a group that was changed', async () => {
    const asker = await anAsker();
    const twice = await read(asker, 'username,name\nuser-1,One\nuser-1,One\nuser-1,Other\n');
    expect(twice.told).toEqual(['user-1 created', 'user-1 unchanged', 'user-1 updated']);
    const tree =
      'name,parent,is_superuser\nmiddle,,false\nlow,middle,false\ntop,,false\nmiddle,top,false\ntop,low,false\n';
    const { told } = await read(asker, tree, { kind: 'groups' });
    expect(told.slice(0, 4)).toEqual(['middle created', 'low created', 'top created', 'middle updated']);
    expect(told[4]).toMatch(/^top failed parent /);
  });

  it('are done by one reader alone, and once, when two are at it', async () => {
    const asker = await anAsker();
    const id = await send(asker, `username\n${names(120).join('\n')}\n`);
    const messages = await Promise.all([work(asker.of), work(asker.of)]);
    expect(messages.flat()).toContain('Read users.');
    const report = await imports.getDirectoryImport({ id }, asker.call);
    expect(report).toMatchObject({ status: 'done', done: 120, created: 120, unchanged: 0, failed: 0 });
    expect(await stored(asker.of)).toEqual(names(120));
    expect(await created(asker.of)).toBe(1 + 120);
  });

  it('are gone when the connection is lost within it, and are all done once then', async () => {
    await sql(`create function cut() returns trigger language plpgsql as
      $$ begin if new.username = 'user-70' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$`);
    await sql('create trigger cut before insert on user_account for each row execute function cut()');
    const asker = await anAsker();
    const id = await send(asker, `username\n${names(120).join('\n')}\n`);
    await expect(work(asker.of)).rejects.toThrow();
    expect(await imports.getDirectoryImport({ id }, asker.call)).toMatchObject({ status: 'running', done: BATCH });
    expect(await stored(asker.of)).toEqual(names(BATCH));
    expect(await created(asker.of)).toBe(1 + BATCH);
    await sql('drop trigger cut on user_account');
    await work(asker.of);
    const report = await imports.getDirectoryImport({ id }, asker.call);
    expect(report).toMatchObject({ status: 'done', done: 120, created: 120, unchanged: 0 });
    expect(await stored(asker.of)).toEqual(names(120));
    expect(await created(asker.of)).toBe(1 + 120);
  });

  it('are done together or not at all when the import is forgotten meanwhile', async () => {
    const asker = await anAsker();
    const id = await send(asker, `username\n${names(300).join('\n')}\n`);
    const reading = work(asker.of);
    await imports.deleteDirectoryImport({ id }, asker.call);
    await reading;
    const left = await stored(asker.of);
    expect(left.length % BATCH).toBe(0);
    expect(left.length).toBeLessThan(300);
    expect(await created(asker.of)).toBe(1 + left.length);
  });

  it('cost less than two statements each, however many there are', async () => {
    const asker = await anAsker();
    await send(asker, `username,name\n${names(2 * BATCH).join(',x\n')},x\n`);
    statements.length = 0;
    await work(asker.of);
    expect(statements.length).toBeLessThan(2 * BATCH * 1.5);
  });
});

describe('a dry run', () => {
  it('says of rows what would become of them behind those before them, in their batch and in earlier ones, and changes nothing', async () => {
    const asker = await anAsker();
    const before = await facts(asker.of);
    const rows = [
      'top,',
      'below,top',
      'below,top',
      ...names(2 * BATCH).map((name) => `${name},`),
      'late,below',
      'top,',
      'lost,nowhere',
    ];
    const { told, report } = await read(asker, `name,parent\n${rows.join('\n')}\n`, { kind: 'groups', dry_run: true });
    expect(told.slice(0, 3)).toEqual(['top created', 'below created', 'below unchanged']);
    expect(told.slice(-3)).toEqual([
      'late created',
      'top updated',
      'lost failed parent There is nothing called nowhere.',
    ]);
    expect(report).toMatchObject({ done: 106, created: 103, updated: 1, unchanged: 1, failed: 1 });
    expect((await groups.listGroups({ name: 'top' }, as(asker.of))).results).toEqual([]);
    const told0 = (await facts(asker.of)).slice(before.length).map(({ subject }) => subject);
    expect(told0.filter((subject) => subject.startsWith('directory.'))).toEqual([]);
  });

  it('costs no more than the import itself', async () => {
    const asker = await anAsker();
    await send(asker, `username\n${names(2 * BATCH).join('\n')}\n`, { dry_run: true });
    statements.length = 0;
    await work(asker.of);
    expect(statements.length).toBeLessThan(2 * BATCH * 1.5);
  });
});

describe('the rights of who asked', () => {
  it('hold for each row of a batch: a role that may not be given its permissions is not made', async () => {
    const may = [
      'authentik_core.add_user',
      'authentik_core.view_user',
      'authentik_rbac.add_role',
      'authentik_rbac.assign_role_permissions',
    ];
    const asker = await anAsker(may);
    const file =
      'name,permissions\none,authentik_core.view_user\ntwo,authentik_core.view_user;authentik_core.delete_user\nthree,\n';
    const { told } = await read(asker, file, { kind: 'roles' });
    expect(told).toEqual(['one created', expect.stringMatching(/^two failed /), 'three created']);
    expect(await sql('select name from role where tenant_id = $1 order by name', [asker.of])).toEqual([
      { name: 'one' },
      { name: 'three' },
    ]);
  });

  it('on single objects count for these rows alone', async () => {
    const asker = await anAsker(['authentik_core.add_user']);
    const mine = await add(asker.of, 'user-0');
    await add(asker.of, 'user-1');
    const assignment = { permissions: ['change_user'], model: 'authentik_core.user', object_pk: String(mine) };
    await permissions.assignUserPermissions({ id: asker.pk, assignment }, as(asker.of));
    await settle(asker.of);
    const { told } = await read(asker, 'username,name\nuser-0,New\nuser-1,New\nuser-2,New\n');
    expect(told).toEqual(['user-0 updated', expect.stringMatching(/^user-1 failed You do not have/), 'user-2 created']);
  });

  it.each([false, true])(
    'never let a row lock all administrators out, whatever is around it; dry run: %s',
    async (dry_run) => {
      const asker = await anAsker();
      around.signIn = ({ administrators: known }) => {
        const possible = (known?.administrators ?? []).length > 0;
        return { possible, problem: possible ? '' : 'there is no administrator.' };
      };
      await add(asker.of, 'user-0');
      const file = 'username,name,is_active\nuser-0,New,true\nboss,,false\nuser-1,,true\n';
      const { told } = await read(asker, file, { dry_run });
      around.signIn = () => ({ possible: true, problem: '' });
      expect(told).toEqual([
        'user-0 updated',
        expect.stringMatching(/^boss failed No administrator/),
        'user-1 created',
      ]);
      const [boss] = (await users.listUsers({ username: 'boss' }, as(asker.of))).results;
      expect(boss).toMatchObject({ is_active: true });
      expect(await stored(asker.of)).toEqual(dry_run ? ['user-0'] : ['user-0', 'user-1']);
    },
  );
});
