import { randomUUID } from 'node:crypto';
import { directory, events } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const {
  as,
  around,
  clock,
  hear,
  offBoarding,
  service,
  socialAccounts: social,
  subjects,
  tenant,
  users,
} = await servedDirectory();

async function add(of: string, username = 'ada'): Promise<number> {
  const user = directory.User.fromPartial({ username, path: 'users', type: 'internal', is_active: true });
  return (await users.createUser({ user }, as(of))).pk;
}

/** A source that exists. */
function aSource(): string {
  const source = randomUUID();
  around.sources.add(source);
  return source;
}

describe('accounts of users elsewhere', () => {
  it('are no business of people, need a source that exists, and are not seen from another tenant', async () => {
    const of = tenant();
    const account = { user: await add(of), source: aSource(), uid: '4711' };
    await expect(social.connectSocialAccount({ account }, as(of))).rejects.toMatchObject({
      reason: 'PERMISSION_DENIED',
    });
    const unknown = { account: { ...account, source: randomUUID() } };
    await expect(social.connectSocialAccount(unknown, service(of))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await social.connectSocialAccount({ account }, service(of));
    const elsewhere = service(tenant());
    expect(await social.findBySocialAccount(account, elsewhere)).toEqual({ user: undefined });
    await expect(social.disconnectSocialAccount(account, elsewhere)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await expect(social.listSocialAccounts({ user: account.user }, elsewhere)).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    });
  });

  it('belong to one user: another one cannot connect them, or take them away', async () => {
    const of = tenant();
    const [ada, eve] = [await add(of), await add(of, 'eve')];
    const account = { user: ada, source: aSource(), uid: '4711' };
    await social.connectSocialAccount({ account }, service(of));
    const stolen = { ...account, user: eve };
    await expect(social.connectSocialAccount({ account: stolen }, service(of))).rejects.toMatchObject({
      reason: 'SOCIAL_ACCOUNT_TAKEN',
    });
    await expect(social.disconnectSocialAccount(stolen, service(of))).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect((await social.findBySocialAccount(account, service(of))).user?.pk).toBe(ada);
  });

  it('are connected, kept up to date, found, used, and disconnected, and told of', async () => {
    const of = tenant();
    const user = await add(of);
    const account = { user, source: aSource(), uid: '4711', display: 'ada at home', details: { sub: '4711' } };
    await social.connectSocialAccount({ account }, service(of));
    await social.connectSocialAccount({ account: { ...account, display: 'Ada' } }, service(of));
    expect((await social.findBySocialAccount({ ...account, used: true }, service(of))).user).toMatchObject({
      pk: user,
    });
    const { accounts } = await social.listSocialAccounts({ user }, service(of));
    expect(accounts).toMatchObject([
      { uid: '4711', display: 'Ada', details: { sub: '4711' }, last_used: clock.now().toISOString() },
    ]);
    await social.disconnectSocialAccount(account, service(of));
    expect((await social.listSocialAccounts({ user }, service(of))).accounts).toEqual([]);
    const told = (await subjects(of)).filter((subject) => subject.includes('social_account'));
    expect(told).toEqual(['directory.v1.social_account.connected', 'directory.v1.social_account.disconnected']);
  });

  it('are kept, one of them, where that is asked for, however many go at once', async () => {
    const of = tenant();
    const user = await add(of);
    const sources = [aSource(), aSource()];
    for (const source of [...sources, aSource()])
      await social.connectSocialAccount({ account: { user, source, uid: source } }, service(of));
    const gone = await Promise.allSettled(
      sources.map((source) =>
        social.disconnectSocialAccount({ user, source, uid: source, keep_one_of: sources }, service(of)),
      ),
    );
    const refused = gone.flatMap((one) => (one.status === 'rejected' ? [one.reason.reason] : []));
    expect(refused).toEqual(['SOCIAL_ACCOUNT_LAST']);
    expect((await social.listSocialAccounts({ user }, service(of))).accounts).toHaveLength(2);
  });

  it('go with their source, with their user, and when their user leaves', async () => {
    const of = tenant();
    const [ada, eve] = [await add(of), await add(of, 'eve')];
    const [source, other] = [aSource(), aSource()];
    await social.connectSocialAccount({ account: { user: ada, source, uid: '1' } }, service(of));
    await social.connectSocialAccount({ account: { user: ada, source: other, uid: '2' } }, service(of));
    await social.connectSocialAccount({ account: { user: eve, source: other, uid: '3' } }, service(of));
    const payload = events.ModelChanged.encode(
      events.ModelChanged.fromPartial({ model: 'authentik_core.source', pk: source }),
    ).finish();
    await hear({ subject: 'providers.v1.source.deleted', type: 'postern.events.v1.ModelChanged', payload }, of);
    expect((await social.listSocialAccounts({ user: ada }, service(of))).accounts.map(({ uid }) => uid)).toEqual(['2']);
    const report = await offBoarding.offBoardUser({ id: ada }, as(of));
    expect(report.parts[0]?.ended).toEqual([{ kind: 'social_accounts', count: 1 }]);
    await users.deleteUser({ id: eve }, as(of));
    for (const uid of ['1', '2', '3'])
      expect(await social.findBySocialAccount({ source: other, uid }, service(of))).toEqual({ user: undefined });
  });
});
