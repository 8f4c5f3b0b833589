import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { aProtocol, PKCE } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { aCode, redeem, refresh, clock, endpoint, origin } = protocol;
/** Where the tests send everything, as the gateway tells it. */
const HERE = { htm: 'GET', htu: 'https://id.example/application/o/' };
await protocol.client('web');
await protocol.client('bound', { settings: { dpopBoundAccessTokens: true } });
await protocol.client('spa', { clientType: 'public' });

async function aKey(alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);
  const proof = (claims: object = {}, header: object = {}) => {
    const iat = Math.floor(clock.now().getTime() / 1000);
    return new SignJWT({ ...HERE, iat, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header })
      .sign(privateKey);
  };
  return { proof, privateJwk: await exportJWK(privateKey), jkt: await calculateJwkThumbprint(jwk) };
}

const key = await aKey();
const other = await aKey('PS256');
const INVALID = { reason: 'INVALID_DPOP_PROOF' };
const REFUSED = { reason: 'INVALID_GRANT' };
const hash = (token: string) => createHash('sha256').update(token).digest('base64url');
const later = (seconds: number) => Math.floor(clock.now().getTime() / 1000) + seconds;

/** Redeems a code with a proof beside it. */
async function bind(client: string, dpop: string, rest: object = {}) {
  const { code } = await aCode(client, client === 'spa' ? PKCE.challenge : {});
  const secret = client === 'spa' ? { client_secret: '', code_verifier: PKCE.verifier } : {};
  const request = { grant_type: 'authorization_code', client_id: client, client_secret: `${client} secret`, code };
  const redirect_uri = 'https://app.example/cb';
  return protocol.exchange({ ...request, redirect_uri, ...secret, ...rest }, { headers: { dpop } });
}

it.each([
  ['that is none', async () => 'x'],
  ['of another type', () => key.proof({}, { typ: 'JWT' })],
  ['without its key', () => key.proof({}, { jwk: undefined })],
  ['with a private key', () => key.proof({}, { jwk: key.privateJwk })],
  ['of another key than it shows', async () => key.proof({}, { jwk: decodeHeader(await other.proof()).jwk })],
  ['with a symmetric algorithm', async () => symmetric()],
  ['for another method', () => key.proof({ htm: 'POST' })],
  ['for another address', () => key.proof({ htu: 'https://id.example/application/o/other/' })],
  ['for another host', () => key.proof({ htu: 'https://evil.example/application/o/' })],
  ['that is too old', () => key.proof({ iat: later(-90) })],
  ['of the future', () => key.proof({ iat: later(90) })],
  ['without a time', () => key.proof({ iat: undefined })],
  ['without an id', () => key.proof({ jti: undefined })],
])('refuses a proof %s', async (_name, make) => {
  await expect(bind('web', await make())).rejects.toMatchObject(INVALID);
});

it('refuses two proofs, a proof that was used, and no proof of a client that has to bring one', async () => {
  const once = await key.proof();
  await expect(bind('web', `${once}, ${await key.proof()}`)).rejects.toMatchObject(INVALID);
  await expect(bind('web', once)).resolves.toMatchObject({ token_type: 'DPoP' });
  await expect(bind('web', once)).rejects.toMatchObject(INVALID);
  await expect(redeem('bound', (await aCode('bound')).code)).rejects.toMatchObject(INVALID);
  await expect(bind('bound', await key.proof())).resolves.toMatchObject({ token_type: 'DPoP' });
});

it('lets one of many parallel uses of a proof win', async () => {
  const raced = await key.proof();
  const codes = await Promise.all(Array.from({ length: 10 }, async () => (await aCode('web')).code));
  const headers = { dpop: raced };
  const redemptions = codes.map((code) =>
    protocol.exchange(
      {
        grant_type: 'authorization_code',
        client_id: 'web',
        client_secret: 'web secret',
        redirect_uri: 'https://app.example/cb',
        code,
      },
      { headers },
    ),
  );
  const outcomes = await Promise.allSettled(redemptions);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('binds the refresh tokens of public clients alone: others show a secret with theirs', async () => {
  const { refresh_token } = await bind('spa', await key.proof());
  const again = (headers: Record<string, string>) =>
    protocol.exchange({ grant_type: 'refresh_token', client_id: 'spa', refresh_token }, { headers });
  await expect(again({})).rejects.toMatchObject(REFUSED);
  await expect(again({ dpop: await other.proof() })).rejects.toMatchObject(REFUSED);
  const next = await again({ dpop: await key.proof() });
  expect(next).toMatchObject({ token_type: 'DPoP' });
  expect(decodeJwt(next.access_token).cnf).toEqual({ jkt: key.jkt });
  const confidential = await bind('web', await key.proof());
  await expect(refresh('web', confidential.refresh_token)).resolves.toMatchObject({ token_type: 'Bearer' });
});

it('redeems a code that names a key for whoever holds the key', async () => {
  const redeemed = async (headers: Record<string, string>) => {
    const { code } = await aCode('web', { dpop_jkt: key.jkt });
    const request = { grant_type: 'authorization_code', client_id: 'web', client_secret: 'web secret', code };
    return protocol.exchange({ ...request, redirect_uri: 'https://app.example/cb' }, { headers });
  };
  await expect(redeemed({})).rejects.toMatchObject(REFUSED);
  await expect(redeemed({ dpop: await other.proof() })).rejects.toMatchObject(REFUSED);
  await expect(redeemed({ dpop: await key.proof() })).resolves.toMatchObject({ token_type: 'DPoP' });
});

it('opens user info to a bound token with a proof of its key, and nothing to it as a bearer', async () => {
  const { access_token } = await bind('web', await key.proof());
  const refused = { reason: 'INVALID_TOKEN', metadata: { scheme: 'DPoP' } };
  const read = (headers: Record<string, string>) => endpoint.getUserInfo({}, origin({ headers }));
  const shown = async (proof: Promise<string>) => read({ authorization: `DPoP ${access_token}`, dpop: await proof });
  await expect(read({ authorization: `Bearer ${access_token}` })).rejects.toMatchObject(refused);
  await expect(endpoint.getUserInfo({ access_token }, origin({}))).rejects.toMatchObject(refused);
  await expect(read({ authorization: `DPoP ${access_token}` })).rejects.toMatchObject(refused);
  await expect(shown(key.proof())).rejects.toMatchObject(refused);
  await expect(shown(key.proof({ ath: hash('another token') }))).rejects.toMatchObject(refused);
  await expect(shown(other.proof({ ath: hash(access_token) }))).rejects.toMatchObject(refused);
  await expect(shown(key.proof({ ath: hash(access_token) }))).resolves.toBeDefined();
  const plain = (await redeem('web', (await aCode('web')).code)).access_token;
  const pretending = { authorization: `DPoP ${plain}`, dpop: await key.proof({ ath: hash(plain) }) };
  await expect(read(pretending)).rejects.toMatchObject(refused);
  const service = { as: { tenant: protocol.tenant } };
  await expect(protocol.tokens.resolveAccessToken({ token: access_token }, service)).rejects.toMatchObject({
    reason: 'NOT_FOUND',
  });
  await expect(protocol.tokens.resolveAccessToken({ token: plain }, service)).resolves.toBeDefined();
});

function decodeHeader(token: string): { jwk: JWK } {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
}

function symmetric(): Promise<string> {
  const secret = new Uint8Array(32);
  const jwk = { kty: 'oct', k: Buffer.from(secret).toString('base64url') };
  return new SignJWT({ ...HERE, iat: later(0), jti: 'x' })
    .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk })
    .sign(secret);
}
