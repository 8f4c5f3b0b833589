import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { ADA, aProtocol, PKCE } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { aCode, redeem, refresh, exchange, world, clock } = protocol;
await protocol.client('web');
await protocol.client('other');
await protocol.client('spa', { clientType: 'public' });
await protocol.client('blank', { clientSecret: '' });

const basic = (id: string, secret: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
});
const code = async (client = 'web', parameters = {}) => (await aCode(client, parameters)).code;
const refusal = (reason: string) => ({ reason });

it.each([
  ['an unknown client', { client_id: 'nobody' }],
  ['no client at all', { client_id: '' }],
  ['a wrong secret', { client_secret: 'wrong' }],
  ['no secret', { client_secret: '' }],
])('refuses %s', async (_name, wrong) => {
  await expect(redeem('web', await code(), wrong)).rejects.toMatchObject(refusal('INVALID_CLIENT'));
});

it('refuses an empty secret of a confidential client that has none', async () => {
  await expect(redeem('blank', 'x', { client_secret: '' })).rejects.toMatchObject(refusal('INVALID_CLIENT'));
});

it('says the refusal of a form with the status that clients know, and that of a header as the standard wants it', async () => {
  const ask = (from: Parameters<typeof protocol.origin>[0], secret: string) =>
    protocol.withHead(async (onHead) =>
      protocol.endpoint
        .exchangeToken(
          { grant_type: 'refresh_token', client_id: 'web', client_secret: secret },
          protocol.origin(from),
          { onHead },
        )
        .catch((error: unknown) => error),
    );
  expect(await ask({}, 'wrong')).toMatchObject({ answer: { reason: 'INVALID_CLIENT' }, head: { status: 400 } });
  const { answer, head } = await ask(basic('web', 'wrong'), '');
  expect(answer).toMatchObject({ reason: 'INVALID_CLIENT' });
  expect(head?.status).toBeUndefined();
});

it('refuses a client that proves itself twice', async () => {
  const request = { grant_type: 'refresh_token', client_id: 'web', client_secret: 'web secret' };
  await expect(exchange(request, basic('web', 'web secret'))).rejects.toMatchObject(refusal('INVALID_REQUEST'));
});

it.each([
  ['', 'INVALID_REQUEST'],
  ['implicit', 'UNSUPPORTED_GRANT_TYPE'],
  ['toString', 'UNSUPPORTED_GRANT_TYPE'],
])('refuses the grant "%s" with %s', async (grant_type, reason) => {
  await expect(redeem('web', 'x', { grant_type })).rejects.toMatchObject(refusal(reason));
});

it.each([
  ['no code', async () => redeem('web', '')],
  ['an unknown code', async () => redeem('web', 'unknown')],
  ["another client's code", async () => redeem('other', await code('web'))],
  ['another address', async () => redeem('web', await code(), { redirect_uri: 'https://app.example/other' })],
  ['no address', async () => redeem('web', await code(), { redirect_uri: '' })],
  [
    'a code of another tenant',
    async () =>
      protocol.exchange(
        {
          grant_type: 'authorization_code',
          code: await code(),
          client_id: 'web',
          client_secret: 'web secret',
          redirect_uri: CALLBACK,
        },
        { in: '0197c0de-0000-7000-8000-0000000000ff' },
      ),
  ],
])('refuses %s', async (name, attempt) => {
  const reason = name.endsWith('tenant') ? 'INVALID_CLIENT' : 'INVALID_GRANT';
  await expect(attempt()).rejects.toMatchObject(refusal(reason));
});

it('tells administrators of an address that does not belong to the code', async () => {
  const before = (await protocol.facts('providers.v1.oauth2_client.misconfigured')).length;
  await redeem('web', await code(), { redirect_uri: 'https://evil.example/' }).catch(() => undefined);
  expect(await protocol.facts('providers.v1.oauth2_client.misconfigured')).toHaveLength(before + 1);
});

it('refuses a code that has expired', async () => {
  const late = await code();
  clock.advance(61_000);
  await expect(redeem('web', late)).rejects.toMatchObject(refusal('INVALID_GRANT'));
});

it('refuses a code with a challenge when the verifier is missing or wrong, and takes the right one', async () => {
  const challenged = await code('spa', PKCE.challenge);
  const redeemed = (code_verifier: string) => redeem('spa', challenged, { client_secret: '', code_verifier });
  await expect(redeemed('')).rejects.toMatchObject(refusal('INVALID_REQUEST'));
  await expect(redeemed('wrong')).rejects.toMatchObject(refusal('INVALID_GRANT'));
  await expect(redeemed(PKCE.verifier)).resolves.toMatchObject({ token_type: 'Bearer' });
});

it('refuses a verifier for a code without a challenge: somebody took it away', async () => {
  const bare = await code('web');
  await expect(redeem('web', bare, { code_verifier: PKCE.verifier })).rejects.toMatchObject(refusal('INVALID_GRANT'));
});

it('refuses a code without a challenge to a public client, whoever let it out', async () => {
  const challenged = await code('spa', PKCE.challenge);
  await protocol.sql('update oauth2_code set challenge = null, challenge_method = null where hash = $1', [
    createHash('sha256').update(challenged).digest('base64url'),
  ]);
  await expect(redeem('spa', challenged, { client_secret: '' })).rejects.toMatchObject(refusal('INVALID_GRANT'));
});

it('compares a plain challenge as it is', async () => {
  const plain = await code('web', { code_challenge: PKCE.verifier });
  await expect(redeem('web', plain, { code_verifier: PKCE.verifier })).resolves.toBeDefined();
});

it('refuses a code that was used, and revokes what it gave', async () => {
  const once = await code();
  const { refresh_token, access_token } = await redeem('web', once);
  await expect(redeem('web', once)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  await expect(refresh('web', refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  await expect(protocol.endpoint.getUserInfo({ access_token }, protocol.origin({}))).rejects.toMatchObject(
    refusal('INVALID_TOKEN'),
  );
  expect(await protocol.facts('providers.v1.oauth2_code.reused')).toHaveLength(1);
});

it('lets one of 200 parallel redemptions of a code win, and then revokes what it got', async () => {
  const raced = await code();
  const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => redeem('web', raced)));
  const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.reason] : []));
  expect(new Set(reasons)).toEqual(new Set(['INVALID_GRANT']));
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(won).toHaveLength(1);
  await expect(refresh('web', won[0]?.value.refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
});

it('refuses a refresh token that was already used and revokes its family', async () => {
  const first = await redeem('web', await code());
  const second = await refresh('web', first.refresh_token);
  await expect(refresh('web', first.refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  await expect(refresh('web', second.refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  expect((await protocol.facts('providers.v1.oauth2_refresh_token.reused')).length).toBeGreaterThan(0);
});

it('lets one of 200 parallel refreshes win, and then ends the family', async () => {
  const { refresh_token } = await redeem('web', await code());
  const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => refresh('web', refresh_token)));
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(won).toHaveLength(1);
  await expect(refresh('web', won[0]?.value.refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
});

it("refuses another client's refresh token, and one that has expired", async () => {
  const { refresh_token } = await redeem('web', await code('web', { scope: 'openid offline_access' }));
  await expect(refresh('other', refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  clock.advance(31 * 86_400_000);
  await expect(refresh('web', refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
});

it('refuses a refresh for more than was granted, and gives less when less is asked', async () => {
  const { refresh_token } = await redeem('web', await code('web', { scope: 'openid email' }));
  await expect(refresh('web', refresh_token, { scope: 'openid profile' })).rejects.toMatchObject(
    refusal('INVALID_SCOPE'),
  );
  const less = await refresh('web', refresh_token, { scope: 'openid' });
  expect(less.scope).toBe('openid');
  expect(decodeJwt(less.access_token)).not.toHaveProperty('email');
  expect((await refresh('web', less.refresh_token)).scope).toBe('openid email');
});

it('refuses everything when the user is deactivated, the session is over, or the policies changed their mind', async () => {
  const ada = world.people.get(ADA);
  if (!ada) throw new Error('nobody there');
  const { code: fresh, session } = await aCode('web');
  const { refresh_token } = await redeem('web', fresh);
  world.people.set(ADA, { ...ada, is_active: false });
  await expect(refresh('web', refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  world.people.set(ADA, ada);
  world.verdict = { passing: false, messages: [] };
  await expect(refresh('web', refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  world.verdict = { passing: true, messages: [] };
  world.sessions.delete(session);
  await expect(refresh('web', refresh_token)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  protocol.signIn(ADA, session);
  await expect(refresh('web', refresh_token)).resolves.toBeDefined();
});

it('lets a grant with offline_access outlive its session', async () => {
  const { code: offline, session } = await aCode('web', { scope: 'openid offline_access' });
  const { refresh_token } = await redeem('web', offline);
  world.sessions.delete(session);
  await expect(refresh('web', refresh_token)).resolves.toMatchObject({ scope: 'openid offline_access' });
});

it('gives tokens whose claims stand in the order of the contract', async () => {
  const tokens = await redeem('web', await code('web', { scope: 'openid email profile', nonce: 'n-1' }));
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
  const identity = decodeJwt(tokens.id_token ?? '');
  const access = decodeJwt(tokens.access_token);
  const standard = ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr'];
  const mapped = ['email', 'email_verified', 'name', 'given_name', 'preferred_username', 'nickname', 'groups'];
  expect(Object.keys(identity)).toEqual([...standard, 'nonce', 'at_hash', 'sid', ...mapped]);
  expect(Object.keys(access)).toEqual([...standard, ...mapped, 'azp', 'uid']);
  expect(identity).toMatchObject({
    iss: 'https://id.example/application/o/web/',
    sub: world.people.get(ADA)?.uid,
    aud: 'web',
    acr: 'goauthentik.io/providers/oauth2/default',
    amr: ['pwd'],
    nonce: 'n-1',
    email: 'ada@example.com',
    groups: ['staff'],
  });
  expect((identity.exp ?? 0) - (identity.iat ?? 0)).toBe(30 * 86_400);
  expect((access.exp ?? 0) - (access.iat ?? 0)).toBe(3600);
  expect(decodeProtectedHeader(tokens.access_token)).toEqual({ alg: 'HS256', typ: 'JWT' });
});

it('keeps the nonce and the time of the sign-in over a refresh', async () => {
  const first = await redeem('web', await code('web', { nonce: 'n-2' }));
  clock.advance(60_000);
  const second = await refresh('web', first.refresh_token);
  const [before, after] = [first, second].map(({ id_token = '' }) => decodeJwt(id_token));
  expect(after).toMatchObject({ nonce: 'n-2', auth_time: before?.auth_time, sub: before?.sub });
  expect(second.refresh_token).not.toBe(first.refresh_token);
});

it('gives no refresh token to a client that may not redeem it', async () => {
  await protocol.client('brief', { settings: { grantTypes: ['authorization_code'] } });
  const tokens = await redeem('brief', await code('brief'));
  expect(tokens.refresh_token).toBeUndefined();
  await expect(refresh('brief', 'x')).rejects.toMatchObject(refusal('UNAUTHORIZED_CLIENT'));
});

it('gives no id token without openid', async () => {
  expect((await redeem('web', await code('web', { scope: 'email' }))).id_token).toBeUndefined();
});

it('takes a Basic header whether its parts are encoded as in forms or not', async () => {
  await protocol.client('odd', { clientSecret: 'a+b%20c/d' });
  const grant = { grant_type: 'authorization_code', redirect_uri: CALLBACK };
  const plain = { ...grant, code: await code('odd') };
  await expect(exchange(plain, basic('odd', 'a+b%20c/d'))).resolves.toBeDefined();
  const encoded = { ...grant, code: await code('odd') };
  await expect(exchange(encoded, basic('odd', encodeURIComponent('a+b%20c/d')))).resolves.toBeDefined();
});

it('keeps no code and no token in clear', async () => {
  const secret = await code();
  const { refresh_token = '', access_token } = await redeem('web', secret);
  const dump = JSON.stringify(
    await Promise.all(
      ['oauth2_code', 'oauth2_access_token', 'oauth2_refresh_token', 'outbox'].map((table) =>
        protocol.sql(`select t::text, * from ${table} t`),
      ),
    ),
  );
  for (const each of [secret, refresh_token, access_token]) expect(dump).not.toContain(each);
});

it('records who got tokens, and of which grant', async () => {
  const before = (await protocol.facts('providers.v1.oauth2_token.issued')).length;
  const { refresh_token } = await redeem('web', await code());
  const refreshed = (await protocol.facts('providers.v1.oauth2_token.refreshed')).length;
  await refresh('web', refresh_token);
  expect(await protocol.facts('providers.v1.oauth2_token.issued')).toHaveLength(before + 1);
  expect(await protocol.facts('providers.v1.oauth2_token.refreshed')).toHaveLength(refreshed + 1);
});
