/** Modules of the suite for the FAPI 2.0 Security Profile that look at what a client gets: docs/conformance.md. */

import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { aBank, aBankKey, hashOf } from './bank.fixture.ts';

const protocol = await aProtocol();
const bank = await aBank(protocol, 'bank');
const bank2 = await aBank(protocol, 'bank2');
const { clock } = protocol;
const other = await aBankKey();

const NO_GRANT = { reason: 'INVALID_GRANT' };
const NO_CLIENT = { reason: 'INVALID_CLIENT' };
const NO_PROOF = { reason: 'INVALID_DPOP_PROOF' };
const NO_TOKEN = { reason: 'INVALID_TOKEN', metadata: { scheme: 'DPoP' } };
const aCode = async () => (await bank.ask()).code;
const aToken = async () => (await bank.redeem(await aCode())).access_token;

it('fapi2-security-profile-final-happy-flow: two clients get tokens that are bound to their keys, and nobody uses those of the other', async () => {
  for (const each of [bank, bank2]) {
    const { code, state, iss } = await each.ask({}, await each.proof());
    expect({ state, iss }).toEqual({ state: 's', iss: each.issuer });
    const tokens = await each.redeem(code);
    expect(tokens).toMatchObject({ token_type: 'DPoP', expires_in: 3_600 });
    expect(decodeJwt(tokens.access_token).cnf).toEqual({ jkt: each.holder.jkt });
    expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({ iss, aud: each.clientId, nonce: 'n' });
    expect(await each.read(tokens.access_token)).toHaveProperty('sub');
    const thief = each === bank ? bank2 : bank;
    await expect(thief.read(tokens.access_token)).rejects.toMatchObject(NO_TOKEN);
  }
});

it('fapi2-security-profile-final-access-token-type-header-case-sensitivity: takes the scheme in any case', async () => {
  const token = await aToken();
  for (const scheme of ['dpop', 'DPOP', 'dPoP'])
    expect(await bank.read(token, undefined, scheme)).toHaveProperty('sub');
});

it('fapi2-security-profile-final-check-dpop-proof-nbf-exp: takes proofs that say from when and until when', async () => {
  const times = { nbf: bank.now(), exp: bank.now() + 60 };
  const { access_token } = await bank.redeem(await aCode(), {}, await bank.proof(times));
  expect(await bank.read(access_token, await bank.proof({ ...times, ath: hashOf(access_token) }))).toHaveProperty(
    'sub',
  );
});

it.each([
  ['fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-before-succeeds', -10],
  ['fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-after-succeeds', 10],
])('%s: allows for clocks at every endpoint', async (_module, seconds) => {
  const iat = bank.now() + seconds;
  const { code } = await bank.ask({}, await bank.proof({ iat }));
  const { access_token } = await bank.redeem(code, {}, await bank.proof({ iat }));
  expect(await bank.read(access_token, await bank.proof({ iat, ath: hashOf(access_token) }))).toHaveProperty('sub');
});

it.each([
  [
    'fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt',
    async () => bank.ask({}, await bank.proof()),
  ],
  [
    'fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt',
    async () => bank.ask({ dpop_jkt: bank.holder.jkt }),
  ],
])('%s: redeems a code for the key that it is for', async (_module, ask) => {
  const { code } = await ask();
  await expect(bank.redeem(code, {}, await bank.proof({}, other))).rejects.toMatchObject(NO_GRANT);
});

it.each([
  ['fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success', async () => ({})],
  ['fapi2-security-profile-final-ensure-dpop-auth-code-binding-success', async () => ({ dpop_jkt: bank.holder.jkt })],
])('%s: redeems a code with the key that it is for', async (_module, change) => {
  const { code } = await bank.ask(await change(), await bank.proof());
  expect(await bank.redeem(code)).toMatchObject({ token_type: 'DPoP' });
});

it('fapi2-security-profile-final-ensure-client-id-in-token-endpoint: the name goes with the key', async () => {
  await expect(bank.redeem(await aCode(), { client_id: 'bank2' })).rejects.toMatchObject(NO_CLIENT);
});

it('fapi2-security-profile-final-ensure-holder-of-key-required: gives nothing to whoever shows no key', async () => {
  await expect(bank.redeem(await aCode(), {}, '')).rejects.toMatchObject(NO_PROOF);
});

it('fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client: refuses the code of another client', async () => {
  await expect(bank2.redeem(await aCode())).rejects.toMatchObject(NO_GRANT);
});

it('fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second: takes back what the code gave', async () => {
  const code = await aCode();
  const { access_token } = await bank.redeem(code);
  clock.advance(1_000);
  await expect(bank.redeem(code)).rejects.toMatchObject(NO_GRANT);
  await expect(bank.read(access_token)).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
});

it('fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code: a code lasts a minute', async () => {
  const code = await aCode();
  clock.advance(61_000);
  await expect(bank.redeem(code)).rejects.toMatchObject(NO_GRANT);
});

it('fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint: refuses whoever proves nothing', async () => {
  const bare = { client_assertion: '', client_assertion_type: '' };
  await expect(bank.redeem(await aCode(), bare)).rejects.toMatchObject(NO_CLIENT);
});

it.each([
  ['fapi2-security-profile-final-ensure-pkce-code-verifier-required', ''],
  ['fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected', 'x'.repeat(43)],
])('%s: refuses the code', async (_module, code_verifier) => {
  await expect(bank.redeem(await aCode(), { code_verifier })).rejects.toMatchObject(NO_GRANT);
});

it('fapi2-security-profile-final-refresh-token: refreshes for the client and its key alone', async () => {
  const { refresh_token, id_token = '' } = await bank.redeem((await bank.ask({ scope: 'openid offline_access' })).code);
  const bare = { client_assertion: '', client_assertion_type: '' };
  await expect(bank.refresh(refresh_token, bare)).rejects.toMatchObject(NO_CLIENT);
  await expect(bank.refresh(refresh_token, {}, '')).rejects.toMatchObject(NO_PROOF);
  await expect(bank2.refresh(refresh_token)).rejects.toMatchObject(NO_GRANT);
  const next = await bank.refresh(refresh_token);
  expect(next).toMatchObject({ token_type: 'DPoP' });
  expect(await bank.read(next.access_token)).toMatchObject({ sub: decodeJwt(id_token).sub });
});

const good = (token: string) => ({ ath: hashOf(token) });
type Make = (token: string) => Promise<string>;
const claimed =
  (change: Readonly<Record<string, unknown>>): Make =>
  (token) =>
    bank.proof({ ...good(token), ...change });
const headed =
  (header: Readonly<Record<string, unknown>>): Make =>
  (token) =>
    bank.proof(good(token), bank.holder, header);

it.each<[string, Make]>([
  ['two proofs', async (token) => `${await claimed({})(token)}, ${await claimed({})(token)}`],
  ['a proof that is no token', async () => 'not.a.jwt'],
  ['a proof without a type', headed({ typ: undefined })],
  ['a proof of another type', headed({ typ: 'JWT' })],
  ['a proof without its key', headed({ jwk: undefined })],
  [
    'a proof with a private key',
    async (token) => bank.proof(good(token), bank.holder, { jwk: bank.holder.privateJwk }),
  ],
  ['a proof without an id', claimed({ jti: undefined })],
  ['a proof without a method', claimed({ htm: undefined })],
  ['a proof without an address', claimed({ htu: undefined })],
  ['a proof without a time', claimed({ iat: undefined })],
  ['a proof for no token', claimed({ ath: undefined })],
  ['a proof for another token', claimed({ ath: hashOf('x') })],
  ['a proof for another method', claimed({ htm: 'PUT' })],
  ['a proof for another address', claimed({ htu: 'https://id.example/elsewhere' })],
  ['a proof of the future', (token) => claimed({ iat: bank.now() + 3_600 })(token)],
  ['a proof of the past', (token) => claimed({ iat: bank.now() - 3_600 })(token)],
  ['a proof that nobody signed', async (token) => unsigned(await claimed({})(token))],
  ['a proof whose signature was changed', async (token) => `${(await claimed({})(token)).slice(0, -4)}AAAA`],
  ['a proof by another key', (token) => bank.proof(good(token), other)],
])('fapi2-security-profile-final-dpop-negative-tests: refuses %s', async (_name, make) => {
  const token = await aToken();
  await expect(bank.read(token, await make(token))).rejects.toMatchObject(NO_TOKEN);
});

it('fapi2-security-profile-final-dpop-negative-tests: refuses a proof that was used, and a bound token as a bearer', async () => {
  const token = await aToken();
  const once = await claimed({})(token);
  expect(await bank.read(token, once)).toHaveProperty('sub');
  await expect(bank.read(token, once)).rejects.toMatchObject(NO_TOKEN);
  await expect(bank.read(token, undefined, 'Bearer')).rejects.toMatchObject(NO_TOKEN);
});

it.each<[string, Make]>([
  ['a query and a fragment', claimed({ htu: 'https://id.example/application/o/?a=b#c' })],
  ['an address that is written differently', claimed({ htu: 'HTTPS://ID.example:443/application/./o/' })],
  ['claims and headers that nobody knows', (token) => bank.proof({ ...good(token), x: 1 }, bank.holder, { y: 2 })],
])('fapi2-security-profile-final-dpop-negative-tests: passes over %s', async (_name, make) => {
  const token = await aToken();
  expect(await bank.read(token, await make(token))).toHaveProperty('sub');
});

it('takes no proof by RS256, neither for tokens nor with them', async () => {
  const rsa = await aBankKey('RS256');
  await expect(bank.push({}, { dpop: await bank.proof({}, rsa) })).rejects.toMatchObject(NO_PROOF);
  await expect(bank.redeem(await aCode(), {}, await bank.proof({}, rsa))).rejects.toMatchObject(NO_PROOF);
  const ps256 = await aBankKey('PS256');
  const { access_token } = await bank.redeem(await aCode(), {}, await bank.proof({}, ps256));
  expect(await bank.read(access_token, await bank.proof(good(access_token), ps256))).toHaveProperty('sub');
});

function unsigned(token: string): string {
  const [, claims] = token.split('.');
  return `${Buffer.from('{"alg":"none","typ":"dpop+jwt"}').toString('base64url')}.${claims}.`;
}
