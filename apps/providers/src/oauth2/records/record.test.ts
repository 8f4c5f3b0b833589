import { createOutbox } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { providers as api, directory } from '@postern/proto';
import { createClient, createRpcServer, createSealer, noClient } from '@postern/rpc';
import { TEST_SECRET } from '@postern/testkit';
import { expect, it } from 'vitest';
import { findAssignments } from '../../applications/index.ts';
import { ADA, aProtocol, aUser } from '../protocol.fixture.ts';
import { createRecordRpc, createRecordView, type RecordViewDeps } from './index.ts';

const app = await aProtocol();
const BOB = 8;
app.world.people.set(BOB, aUser(BOB, 'bob'));
await app.client('web');
await app.client('wiki');

const users: RecordViewDeps['users'] = {
  batchGetUsers: async ({ pks = [] }) => ({
    users: pks.flatMap((pk) => app.world.people.get(pk) ?? []),
  }),
};
const sealer = createSealer(TEST_SECRET);
const { db, clock } = app;
const server = createRpcServer({
  services: createRecordRpc({
    db,
    clock,
    outbox: createOutbox({ schema: 'providers' }),
    view: createRecordView({ db, users, assignments: findAssignments }),
    neighbours: { usedBy: async () => [] },
  }),
  sealer,
  log: createLogger({ level: 'silent' }),
});
const link = { sealer, service: 'gateway' } as const;
const codes = createClient(api.AuthorizationCodeServiceDefinition, server.channel(), link);
const access = createClient(api.IssuedAccessTokenServiceDefinition, server.channel(), link);
const refresh = createClient(api.IssuedRefreshTokenServiceDefinition, server.channel(), link);

/** Calls as a user of the tenant; without permissions as a superuser. */
function as(pk: number, permissions?: readonly string[], tenant = app.tenant) {
  const { uuid, username, name, email } = aUser(pk, 'x');
  const user = { pk, uuid, username, name, email, type: 'internal' } as const;
  const rights = { superuser: permissions === undefined, permissions: permissions ?? [], via: 'session' } as const;
  const principal = sealer.sealPrincipal({ kind: 'user', tenant, user, ...rights });
  return { context: { principal, client: sealer.sealClient(noClient(tenant, 'request')) } };
}
const root = as(1);

/** Tokens of somebody, by a code. */
async function tokensOf(client: string, user = ADA) {
  const { code } = await app.aCode(client, { scope: 'openid email', nonce: 'n-1' }, app.signIn(user));
  return app.redeem(client, code);
}
const infoOf = (token: string) =>
  app.endpoint.getUserInfo({}, app.origin({ headers: { authorization: `Bearer ${token}` } }));

await tokensOf('web', BOB);
const own = await tokensOf('wiki');

it('shows nobody what belongs to somebody else', async () => {
  const { results } = await access.listAccessTokens({}, root);
  const bobs = results.find(({ user }) => user?.pk === BOB)?.pk ?? 0;
  const ada = as(ADA, []);
  expect((await access.listAccessTokens({}, ada)).results.map(({ user }) => user?.pk)).toEqual([ADA]);
  expect((await access.listAccessTokens({ user: BOB }, ada)).results).toEqual([]);
  for (const ask of [access.getAccessToken, access.deleteAccessToken, access.listAccessTokenUsedBy])
    await expect(ask({ id: bobs }, ada)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const elsewhere = as(1, undefined, '0197c0de-0000-7000-8000-00000000aaaa');
  expect((await access.listAccessTokens({}, elsewhere)).results).toEqual([]);
  await expect(access.getAccessToken({ id: bobs }, elsewhere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('lets a holder of the permission see, and not delete, what others hold', async () => {
  const auditor = as(ADA, ['authentik_providers_oauth2.view_refreshtoken']);
  const [bobs] = (await refresh.listRefreshTokens({ user: BOB }, auditor)).results;
  expect(bobs).toMatchObject({ user: { username: 'bob' }, provider: { client_id: 'web', client_secret: '' } });
  await expect(refresh.deleteRefreshToken({ id: bobs?.pk ?? 0 }, auditor)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('tells what was told with a token, and never the token itself', async () => {
  const wiki = await app.db.read({ tenant: app.tenant }, (em) => app.clients.findByClientId(em, 'wiki'));
  const [token] = (await access.listAccessTokens({ provider: wiki?.pk }, root)).results;
  expect(token).toMatchObject({ scope: ['openid', 'email'], is_expired: false, revoked: false });
  expect(JSON.parse(token?.id_token ?? '')).toMatchObject({ aud: 'wiki', email: 'ada@example.com' });
  expect(token?.id_token).toContain('\n    "aud": "wiki"');
  const [renewal] = (await refresh.listRefreshTokens({ search: 'wiki' }, root)).results;
  expect(JSON.parse(renewal?.id_token ?? '')).toMatchObject({ nonce: 'n-1', at_hash: expect.any(String) });
  expect(JSON.stringify([token, renewal])).not.toContain(own.access_token);
  expect(JSON.stringify([token, renewal])).not.toContain(own.refresh_token);
});

it('ends an access token that is deleted', async () => {
  const { access_token } = await tokensOf('web');
  const [newest] = (await access.listAccessTokens({ user: ADA, search: 'web' }, root)).results;
  await expect(infoOf(access_token)).resolves.toBeDefined();
  await access.deleteAccessToken({ id: newest?.pk ?? 0 }, as(ADA, []));
  await expect(infoOf(access_token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
  await expect(access.getAccessToken({ id: newest?.pk ?? 0 }, root)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('ends with a refresh token everything of the same authorization', async () => {
  const { access_token, refresh_token } = await tokensOf('web');
  const [newest] = (await refresh.listRefreshTokens({ user: ADA, search: 'web' }, root)).results;
  await refresh.deleteRefreshToken({ id: newest?.pk ?? 0 }, root);
  await expect(app.refresh('web', refresh_token)).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
  await expect(infoOf(access_token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
});

it('calls a used refresh token revoked', async () => {
  const { refresh_token } = await tokensOf('web');
  await app.refresh('web', refresh_token);
  const { results } = await refresh.listRefreshTokens({ user: ADA, search: 'web' }, root);
  expect(results.map(({ revoked }) => revoked)).toContain(true);
  expect(results.map(({ revoked }) => revoked)).toContain(false);
});

it('shows a code while it waits, and takes it back', async () => {
  const { code } = await app.aCode('web');
  const [waiting] = (await codes.listCodes({}, root)).results;
  expect((await codes.getCode({ id: waiting?.pk ?? 0 }, as(ADA, []))).scope).toEqual(['openid']);
  expect((await codes.listCodeUsedBy({ id: waiting?.pk ?? 0 }, root)).items).toEqual([]);
  await codes.deleteCode({ id: waiting?.pk ?? 0 }, root);
  await expect(app.redeem('web', code)).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
  expect((await codes.listCodes({}, root)).results).toEqual([]);
});

it('leaves out what belongs to a user who is gone', async () => {
  app.world.people.delete(BOB);
  const { results } = await access.listAccessTokens({}, root);
  expect(results.some(({ user }) => user?.pk === BOB)).toBe(false);
  app.world.people.set(BOB, directory.User.fromPartial({ pk: BOB, username: 'bob' }));
});
