import { randomUUID } from 'node:crypto';
import { common } from '@postern/errors';
import { createLogger } from '@postern/observability';
import { auth, directory, jobs as jobFacts } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const { as, around, clock, facts, groups, hear, jobs, offBoarding, permissions, service, subjects, tenant, users } =
  await servedDirectory();
const job = jobs.find(({ definition }) => definition.name === 'directory.off_board_user');

async function add(of: string, username = 'leaver', given: Partial<directory.User> = {}): Promise<number> {
  const user = directory.User.fromPartial({ username, path: 'users', type: 'internal', is_active: true, ...given });
  return (await users.createUser({ user }, as(of))).pk;
}

/** Does what was asked for, as `tasks` would. */
async function work(of: string, attempt = 1): Promise<unknown> {
  const requested = (await facts(of)).filter(({ subject }) => subject === 'jobs.v1.job.requested');
  const last = requested.flatMap(({ payload }) => jobFacts.JobRequested.decode(payload).jobs).at(-1);
  const run = { tenant: of, id: randomUUID(), attempt, progress: () => undefined };
  const log = createLogger({ level: 'silent' });
  return job?.run(JSON.parse(last?.args ?? '{}'), { ...run, log, signal: new AbortController().signal });
}

const endedBy = (report: directory.OffBoarding, service: string) =>
  Object.fromEntries(
    report.parts.find((part) => part.service === service)?.ended.map((one) => [one.kind, one.count]) ?? [],
  );

describe('off-boarding', () => {
  it('is refused without the permission to delete users, for whoever can do more than the caller, and for accounts of the platform', async () => {
    const of = tenant();
    const id = await add(of);
    const refused = (permissions: string[], who = id) =>
      expect(offBoarding.offBoardUser({ id: who }, as(of, { permissions }))).rejects;
    await refused(['authentik_core.change_user', 'authentik_core.view_user']).toMatchObject({
      reason: 'PERMISSION_DENIED',
    });
    await groups.createGroup(
      { group: directory.Group.fromPartial({ name: 'bosses', is_superuser: true, users: [id] }) },
      as(of),
    );
    await refused(['authentik_core.delete_user']).toMatchObject({ reason: 'SUPERUSER_REQUIRED' });
    const strong = await add(of, 'strong');
    const assignment = { permissions: ['authentik_core.add_user'], model: '', object_pk: '' };
    await permissions.assignUserPermissions({ id: strong, assignment }, as(of));
    await refused(['authentik_core.delete_user'], strong).toMatchObject({ reason: 'RIGHTS_EXCEEDED' });
    const type = 'internal_service_account';
    const user = directory.User.fromPartial({ username: 'outpost', path: 'users', type, is_active: true });
    const { pk } = await users.createUser({ user }, service(of));
    await expect(offBoarding.offBoardUser({ id: pk }, as(of))).rejects.toMatchObject({
      reason: 'INTERNAL_ACCOUNT_READONLY',
    });
    await refused(['authentik_core.delete_user'], 2_000_000_000).toMatchObject({ reason: 'NOT_FOUND' });
    await expect(offBoarding.getOffBoarding({ id }, as(of))).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect((await users.getUser({ id: strong }, as(of))).is_active).toBe(true);
  });

  it('does not see the users of another tenant', async () => {
    const id = await add(tenant());
    await expect(offBoarding.offBoardUser({ id }, as(tenant()))).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  });

  it('ends what the directory keeps at once, the rest by a job, and keeps user and report', async () => {
    const of = tenant();
    const id = await add(of);
    for (const name of ['one', 'two'])
      await groups.createGroup({ group: directory.Group.fromPartial({ name, users: [id] }) }, as(of));
    await permissions.assignUserPermissions(
      { id, assignment: { permissions: ['authentik_core.add_user'], model: '', object_pk: '' } },
      as(of),
    );
    around.held.set('auth', { tokens: 3, devices: 1 }).set('providers', { oauth_grants: 2 });

    const begun = await offBoarding.offBoardUser({ id }, as(of));
    expect(begun).toMatchObject({
      user: id,
      username: 'leaver',
      status: 'running',
      begun_by: 'caller',
      finished: undefined,
    });
    expect(begun.parts.map(({ service, status }) => `${service} ${status}`)).toEqual([
      'directory done',
      'auth waiting',
      'providers waiting',
    ]);
    expect(endedBy(begun, 'directory')).toEqual({ memberships: 2, permissions: 1 });
    expect(await users.getUser({ id }, as(of))).toMatchObject({ is_active: false, groups: [] });
    expect(await subjects(of)).toEqual(
      expect.arrayContaining([
        'directory.v1.user.updated',
        'directory.v1.group.members_changed',
        'directory.v1.user.permissions_changed',
      ]),
    );

    const ended = auth.SessionEnded.fromPartial({ session: 's', user: { pk: id }, reason: 'user_deactivated' });
    const payload = auth.SessionEnded.encode(ended).finish();
    await hear({ subject: 'auth.v1.session.ended', payload, occurred_at: clock.now().toISOString() }, of);
    expect(await work(of)).toEqual({ messages: ['Off-boarded leaver.'] });
    const report = await offBoarding.getOffBoarding({ id }, as(of, { permissions: ['authentik_core.view_user'] }));
    expect(report).toMatchObject({ status: 'done', finished: clock.now().toISOString() });
    expect(endedBy(report, 'auth')).toEqual({ sessions: 1, tokens: 3, devices: 1 });
    expect(endedBy(report, 'providers')).toEqual({ oauth_grants: 2 });

    await users.deleteUser({ id }, as(of));
    expect(await offBoarding.getOffBoarding({ id }, as(of))).toMatchObject({ pk: begun.pk, username: 'leaver' });
  });

  it('asks only those again who failed, says why, and is carried on with by whoever asks for it again', async () => {
    const of = tenant();
    const id = await add(of);
    around.held.set('auth', common.UNAVAILABLE()).set('providers', { oauth_grants: 1 });
    const { pk } = await offBoarding.offBoardUser({ id }, as(of));
    around.ended.length = 0;
    await expect(work(of)).rejects.toThrow('not all services did their part');
    expect(around.ended).toEqual([`auth ${id}`, `providers ${id}`]);
    const failed = await offBoarding.getOffBoarding({ id }, as(of));
    expect(failed.status).toBe('running');
    expect(failed.parts.map(({ service, status }) => `${service} ${status}`)).toEqual([
      'directory done',
      'auth failed',
      'providers done',
    ]);
    expect(failed.parts[1]?.error).not.toBe('');

    around.held.set('auth', { tokens: 1 });
    expect(await offBoarding.offBoardUser({ id }, as(of))).toMatchObject({ pk, status: 'running' });
    around.ended.length = 0;
    await work(of);
    expect(around.ended).toEqual([`auth ${id}`]);
    expect(await offBoarding.getOffBoarding({ id }, as(of))).toMatchObject({ pk, status: 'done' });
    // Asked for once more it is done once more: they may have got something since.
    expect((await offBoarding.offBoardUser({ id }, as(of))).pk).not.toBe(pk);
  });

  it('is given up after the last try', async () => {
    const of = tenant();
    const id = await add(of);
    around.held.set('auth', common.UNAVAILABLE());
    await offBoarding.offBoardUser({ id }, as(of));
    await expect(work(of, 30)).rejects.toThrow();
    expect(await offBoarding.getOffBoarding({ id }, as(of))).toMatchObject({ status: 'failed' });
    around.held.delete('auth');
  });
});
