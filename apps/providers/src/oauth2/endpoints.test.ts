import { createSecretKey } from 'node:crypto';
import { auth, directory } from '@postern/proto';
import { asService } from '@postern/rpc';
import { decodeJwt, jwtVerify } from 'jose';
import { expect, it } from 'vitest';
import { ADA, aProtocol, aUser } from './protocol.fixture.ts';

const protocol = await aProtocol();
const { aCode, redeem, refresh, endpoint, origin, world, tokens, tenant, withHead } = protocol;
await protocol.client('web');
await protocol.client('other');

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const own = { client_id: 'web', client_secret: 'web secret' };
const foreign = { client_id: 'other', client_secret: 'other secret' };

async function issued(scope = 'openid email profile', at?: string) {
  const { code, session } = await aCode('web', { scope }, at);
  return { ...(await redeem('web', code)), session };
}

const userInfo = async (token: string) => read(await endpoint.getUserInfo({}, origin(bearer(token))));
const introspect = async (token: string, client = own) =>
  read(await endpoint.introspectToken({ token, ...client }, origin({})));

function read({ data }: { data: Uint8Array }) {
  const parsed: Record<string, unknown> = JSON.parse(Buffer.from(data).toString());
  return parsed;
}

it('refuses user info without a token, with an unknown one, and without openid', async () => {
  await expect(endpoint.getUserInfo({}, origin({}))).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
  await expect(userInfo('unknown')).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
  const { access_token } = await issued('email');
  await expect(userInfo(access_token)).rejects.toMatchObject({ reason: 'INSUFFICIENT_SCOPE' });
});

it('refuses user info once the token expired or the user was deactivated', async () => {
  const { access_token } = await issued();
  const ada = world.people.get(ADA);
  if (!ada) throw new Error('nobody there');
  world.people.set(ADA, { ...ada, is_active: false });
  await expect(userInfo(access_token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
  world.people.set(ADA, ada);
  protocol.clock.advance(3_601_000);
  await expect(userInfo(access_token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
});

it('gives user info to a header, a form or a query, with the subject of the token', async () => {
  const { access_token, id_token = '' } = await issued();
  const claims = await userInfo(access_token);
  expect(claims).toMatchObject({ email: 'ada@example.com', groups: ['staff'], sub: decodeJwt(id_token).sub });
  expect(read(await endpoint.getUserInfo({ access_token }, origin({})))).toEqual(claims);
});

it('refuses to introspect for a client that cannot prove itself', async () => {
  const { access_token } = await issued();
  await expect(introspect(access_token, { ...own, client_secret: 'wrong' })).rejects.toMatchObject({
    reason: 'INVALID_CLIENT',
  });
});

it("says of another client's token only that it is not active", async () => {
  const { access_token, refresh_token = '' } = await issued();
  expect(await introspect(access_token, foreign)).toEqual({ active: false });
  expect(await introspect(refresh_token, foreign)).toEqual({ active: false });
  expect(await introspect('unknown')).toEqual({ active: false });
});

it('introspects access and refresh tokens of a client', async () => {
  const { access_token, refresh_token = '' } = await issued();
  expect(await introspect(access_token)).toMatchObject({
    ...decodeJwt(access_token),
    active: true,
    scope: 'openid email profile',
    client_id: 'web',
  });
  expect(await introspect(refresh_token)).toMatchObject({ active: true, aud: 'web', sub: decodeJwt(access_token).sub });
  await refresh('web', refresh_token);
  expect(await introspect(refresh_token)).toEqual({ active: false });
});

it("leaves another client's token alone, and says nothing about it", async () => {
  const { access_token, refresh_token = '' } = await issued();
  await endpoint.revokeToken({ token: access_token, ...foreign }, origin({}));
  await endpoint.revokeToken({ token: refresh_token, ...foreign }, origin({}));
  expect(await introspect(access_token)).toMatchObject({ active: true });
  const wrong = { token: access_token, ...own, client_secret: 'wrong' };
  await expect(endpoint.revokeToken(wrong, origin({}))).rejects.toMatchObject({ reason: 'INVALID_CLIENT' });
});

it('revokes an access token alone, and with a refresh token its family', async () => {
  const { access_token, refresh_token = '' } = await issued();
  await endpoint.revokeToken({ token: access_token, ...own }, origin({}));
  expect(await introspect(access_token)).toEqual({ active: false });
  const next = await refresh('web', refresh_token);
  await endpoint.revokeToken({ token: next.refresh_token, ...own }, origin({}));
  expect(await introspect(next.access_token)).toEqual({ active: false });
  await endpoint.revokeToken({ token: 'unknown', ...own }, origin({}));
});

it('tells the login service whom a token stands for, and nobody else', async () => {
  const { access_token } = await issued();
  await expect(tokens.resolveAccessToken({ token: access_token }, origin({}))).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  expect(await tokens.resolveAccessToken({ token: access_token }, asService(tenant))).toMatchObject({
    user: ADA,
    scopes: ['openid', 'email', 'profile'],
  });
  await expect(tokens.resolveAccessToken({ token: 'unknown' }, asService(tenant))).rejects.toMatchObject({
    reason: 'NOT_FOUND',
  });
});

it('advertises what it serves, and nothing else', async () => {
  const document = await endpoint.getDiscovery({ application_slug: 'web' }, origin({}));
  expect(document).toMatchObject({
    issuer: 'https://id.example/application/o/web/',
    response_types_supported: [
      'code',
      'id_token',
      'id_token token',
      'code token',
      'code id_token',
      'code id_token token',
    ],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    request_parameter_supported: false,
    code_challenge_methods_supported: ['plain', 'S256'],
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ['HS256'],
  });
  expect(document.grant_types_supported).toEqual([
    ...['authorization_code', 'refresh_token', 'implicit', 'client_credentials', 'password'],
    'urn:ietf:params:oauth:grant-type:device_code',
  ]);
  expect(document.device_authorization_endpoint).toBe('https://id.example/application/o/device/');
  expect(document.scopes_supported).toEqual(expect.arrayContaining(['openid', 'email', 'profile']));
  expect(document.claims_supported).toEqual(expect.arrayContaining(['sub', 'email', 'groups']));
  await expect(endpoint.getDiscovery({ application_slug: 'none' }, origin({}))).rejects.toMatchObject({
    reason: 'NOT_FOUND',
  });
  const { location, head } = await withHead((onHead) =>
    endpoint.redirectToDiscovery({ application_slug: 'web' }, origin({}), { onHead }),
  );
  expect(head?.status).toBe(302);
  expect(location).toBe('/application/o/web/.well-known/openid-configuration');
});

it('signs user info for a client that wants it, by what signs its tokens, and gives nothing where that is of another kind', async () => {
  await protocol.client('signed', { settings: { userinfoSignedResponseAlg: 'HS256' } });
  await protocol.client('keyless', { settings: { userinfoSignedResponseAlg: 'RS256' } });
  const read = async (client: string) => {
    const { access_token } = await protocol.redeem(client, (await protocol.aCode(client)).code);
    return endpoint.getUserInfo({ access_token }, origin({}));
  };
  await expect(read('keyless')).rejects.toMatchObject({ reason: 'SERVER_ERROR' });
  const { content_type, data } = await read('signed');
  expect(content_type).toBe('application/jwt');
  const { payload } = await jwtVerify(Buffer.from(data).toString(), createSecretKey('signed secret', 'utf8'));
  const issuer = 'https://id.example/application/o/signed/';
  expect(payload).toMatchObject({ iss: issuer, aud: 'signed', sub: protocol.world.people.get(ADA)?.uid });
});

it('advertises to a client what its settings let it have', async () => {
  const settings = {
    responseTypes: ['code' as const],
    grantTypes: ['authorization_code' as const],
    tokenEndpointAuthMethod: 'private_key_jwt' as const,
    jwksUri: 'https://app.example/jwks',
    requirePushedAuthorizationRequests: true,
    userinfoSignedResponseAlg: 'HS256' as const,
  };
  await protocol.client('strict', { settings });
  await protocol.client('open', { clientType: 'public' });
  const read = (application_slug: string) => endpoint.getDiscovery({ application_slug }, origin({}));
  const document = await read('strict');
  expect(document).toMatchObject({
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['ES256', 'PS256']),
    request_parameter_supported: true,
    require_pushed_authorization_requests: true,
    userinfo_signing_alg_values_supported: ['HS256'],
    device_authorization_endpoint: undefined,
  });
  expect(document.dpop_signing_alg_values_supported).not.toContain('HS256');
  const proofs = (await read('open')).token_endpoint_auth_methods_supported;
  expect(proofs).toEqual(['client_secret_post', 'client_secret_basic', 'none']);
});

it('revokes what hangs on a session when it ends, and leaves offline access alone', async () => {
  const { access_token, session } = await issued();
  const offline = await issued('openid offline_access');
  for (const each of [session, offline.session]) await protocol.hear('auth.v1.session.ended', ended(each));
  expect(await introspect(access_token)).toEqual({ active: false });
  expect(await introspect(offline.access_token)).toMatchObject({ active: true });
});

it('revokes what somebody gave an application when they take their consent back, offline access too, and nothing else', async () => {
  const revoked = async (application: string, occurred_at?: string) => {
    const payload = auth.ConsentRevoked.encode({ user: ADA, application }).finish();
    await protocol.hear('auth.v1.consent.revoked', payload, occurred_at);
  };
  const [{ pk = '' } = {}] = await protocol.sql<{ pk: string }>("select pk from application where slug = 'web'");
  const [online, offline] = [await issued(), await issued('openid offline_access')];
  await revoked('aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee');
  await revoked(pk, new Date(protocol.clock.now().getTime() - 1000).toISOString());
  expect(await introspect(online.access_token)).toMatchObject({ active: true });
  await revoked(pk);
  for (const { access_token } of [online, offline]) expect(await introspect(access_token)).toEqual({ active: false });
});

it('revokes the tokens of a user who is deactivated, and forgets those of one who is deleted', async () => {
  const { access_token } = await issued();
  const user = world.sessions.values().next().value?.user;
  const changed = (is_active: boolean) =>
    directory.UserUpdated.encode(directory.UserUpdated.fromPartial({ user: { ...user, is_active } })).finish();
  await protocol.hear('directory.v1.user.updated', changed(true));
  expect(await introspect(access_token)).toMatchObject({ active: true });
  await protocol.hear('directory.v1.user.updated', changed(false));
  expect(await introspect(access_token)).toEqual({ active: false });
  await protocol.hear('directory.v1.user.deleted', directory.UserDeleted.encode({ user }).finish());
  for (const table of ['oauth2_grant', 'oauth2_code', 'oauth2_access_token', 'oauth2_refresh_token'])
    expect(await protocol.sql(`select 1 from ${table}`)).toEqual([]);
});

it('ends what somebody got as somebody else when they stop, offline access too, and leaves what is their own', async () => {
  const ADMIN = ADA + 1;
  world.people.set(ADMIN, aUser(ADMIN, 'admin'));
  const { code, session } = await aCode('web', { scope: 'openid' }, protocol.signIn(ADMIN));
  protocol.signIn(ADMIN, session, ADA);
  const own = await redeem('web', code);
  const theirs = await issued('openid offline_access', session);
  const [authorized] = (await protocol.facts('providers.v1.application.authorized')).slice(-1);
  expect(authorized?.actor).toMatchObject({ user: { username: 'admin' }, on_behalf_of: { username: 'ada' } });
  const payload = auth.ImpersonationEnded.encode({ session, impersonator: ADMIN, user: ADA }).finish();
  await protocol.hear('auth.v1.impersonation.ended', payload);
  expect(await introspect(theirs.access_token)).toEqual({ active: false });
  await expect(refresh('web', theirs.refresh_token)).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
  expect(await introspect(own.access_token)).toMatchObject({ active: true });
});

function ended(session: string): Uint8Array {
  return auth.SessionEnded.encode(auth.SessionEnded.fromPartial({ session, reason: 'logout' })).finish();
}
