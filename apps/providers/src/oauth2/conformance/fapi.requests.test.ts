/** Modules of the suite for the FAPI 2.0 Security Profile that look at how a client asks: docs/conformance.md. */

import { expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { aProtocol } from '../protocol.fixture.ts';
import { aBank, aBankKey, type BankKey } from './bank.fixture.ts';

const protocol = await aProtocol();
const bank = await aBank(protocol, 'bank');
const bank2 = await aBank(protocol, 'bank2');
const { clock, endpoint, origin, signIn } = protocol;

const NO_CLIENT = { reason: 'INVALID_CLIENT' };
const NO_REQUEST = { reason: 'INVALID_REQUEST' };
const NO_PROOF = { reason: 'INVALID_DPOP_PROOF' };

it('fapi2-security-profile-final-discovery-end-point-verification: says what the profile wants, and no more', async () => {
  expect(await endpoint.getDiscovery({ application_slug: 'bank' }, origin({}))).toMatchObject({
    response_types_supported: ['code'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['PS256', 'ES256', 'EdDSA'],
    dpop_signing_alg_values_supported: ['PS256', 'ES256', 'EdDSA'],
    request_object_signing_alg_values_supported: ['PS256', 'ES256', 'EdDSA'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
    pushed_authorization_request_endpoint: 'https://id.example/application/o/par/',
    require_pushed_authorization_requests: true,
    authorization_response_iss_parameter_supported: true,
    scopes_supported: expect.arrayContaining(['openid']),
  });
});

it('fapi2-security-profile-final-ensure-authorization-request-without-state-success: goes on, and makes up no state', async () => {
  const answer = await bank.ask({ state: '' });
  expect(Object.keys(answer).toSorted()).toEqual(['code', 'iss']);
  expect(answer.iss).toBe(bank.issuer);
});

it.each([
  ['fapi2-security-profile-final-ensure-authorization-request-without-nonce-success', ''],
  ['fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success', 'n'.repeat(64)],
  ['fapi2-security-profile-final-ensure-authorization-request-with-long-nonce', 'n'.repeat(384)],
])('%s: goes on, and says the nonce again', async (_module, nonce) => {
  const { id_token = '' } = await bank.redeem((await bank.ask({ nonce })).code);
  const claims = JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims.nonce ?? '').toBe(nonce);
});

it('fapi2-security-profile-final-ensure-authorization-request-with-long-state: gives it back as it was', async () => {
  expect(await bank.ask({ state: 's'.repeat(384) })).toMatchObject({ state: 's'.repeat(384) });
});

it('fapi2-security-profile-final-ensure-other-scope-order-succeeds: takes scopes in any order', async () => {
  const { access_token } = await bank.redeem((await bank.ask({ scope: 'email openid' })).code);
  expect(await bank.read(access_token)).toMatchObject({ email: 'ada@example.com' });
});

it('fapi2-security-profile-final-test-claims-parameter-identity-claims: tells claims that are asked for by name', async () => {
  const claims = JSON.stringify({ userinfo: { email: { essential: true } }, id_token: { name: null } });
  const { access_token, id_token = '' } = await bank.redeem(
    (await bank.ask({ scope: 'openid email profile', claims })).code,
  );
  expect(await bank.read(access_token)).toHaveProperty('email');
  expect(JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString())).toHaveProperty('name');
});

it('fapi2-security-profile-final-user-rejects-authentication: tells the client that it may not, with its state', async () => {
  const { request_uri } = await bank.push();
  const session = signIn();
  await bank.open(request_uri, session);
  const { redirect = '' } = await protocol.decline(session);
  const answer = Object.fromEntries(new URL(redirect).searchParams);
  expect(answer).toMatchObject({ error: 'access_denied', state: 's', iss: bank.issuer });
});

it.each([
  ['fapi2-security-profile-final-ensure-different-nonce-inside-and-outside-request-object', { nonce: 'evil' }],
  ['fapi2-security-profile-final-ensure-different-state-inside-and-outside-request-object', { state: 'evil' }],
])('%s: what stands beside a pushed request does not count', async (_module, beside) => {
  const { code, state } = await bank.ask({}, '', beside);
  expect(state).toBe('s');
  const { id_token = '' } = await bank.redeem(code);
  expect(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString()).toContain('"nonce":"n"');
});

it('fapi2-security-profile-final-state-only-outside-request-object-not-used: gives back no state that was not pushed', async () => {
  expect(await bank.ask({ state: '' }, '', { state: 'evil' })).not.toHaveProperty('state');
});

it('fapi2-security-profile-final-par-without-duplicate-parameters: needs nothing but the client and the address', async () => {
  expect(await bank.ask()).toMatchObject({ code: expect.any(String), state: 's' });
});

it.each([
  ['fapi2-security-profile-final-ensure-registered-redirect-uri', { redirect_uri: `${CALLBACK}/other` }],
  ['fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri', { redirect_uri: `${CALLBACK}?x=y` }],
  ['fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails', { redirect_uri: '' }],
  ['fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request', { redirect_uri: '' }],
  ['fapi2-security-profile-final-par-ensure-pkce-required', { code_challenge: '', code_challenge_method: '' }],
  ['fapi2-security-profile-final-par-plain-pkce-rejected', { code_challenge_method: 'plain' }],
  [
    'fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param',
    { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
  ],
])('%s: refuses to take the request', async (_module, change) => {
  await expect(bank.push(change)).rejects.toMatchObject(NO_REQUEST);
});

it('refuses a challenge without a method, which means a plain one', async () => {
  await expect(bank.push({ code_challenge_method: '' })).rejects.toMatchObject(NO_REQUEST);
});

it.each([
  ['fapi2-security-profile-final-ensure-response-type-code-idtoken-fails', 'code id_token', 'UNAUTHORIZED_CLIENT'],
  ['fapi2-security-profile-final-ensure-response-type-token-fails', 'token', 'UNSUPPORTED_RESPONSE_TYPE'],
])('%s: gives codes alone', async (_module, response_type, reason) => {
  await expect(bank.push({ response_type })).rejects.toMatchObject({ reason });
});

it('fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails: takes no other requests', async () => {
  const visit = await protocol.authorize({ ...bank.requestOf(), client_id: 'bank' }, { session: signIn() });
  expect(Object.fromEntries(new URL(visit).searchParams)).toMatchObject({ error: 'invalid_request', state: 's' });
});

it('fapi2-security-profile-final-par-attempt-reuse-request_uri: opens a pushed request once', async () => {
  const { request_uri } = await bank.push();
  const session = signIn();
  await bank.open(request_uri, session);
  await protocol.complete(session);
  await expect(bank.open(request_uri, session)).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
});

it('fapi2-security-profile-final-par-attempt-to-use-expired-request_uri: opens none that is over', async () => {
  const { request_uri, expires_in } = await bank.push();
  clock.advance(expires_in * 1000 + 1);
  await expect(bank.open(request_uri, signIn())).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
});

it('fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client: opens none of another client', async () => {
  const { request_uri } = await bank.push();
  const visit = bank.open(request_uri, signIn(), {}, 'bank2');
  await expect(visit).rejects.toMatchObject({ reason: 'REQUEST_INVALID' });
});

it.each([
  ['fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails', async () => ({ dpop_jkt: bank2.holder.jkt })],
])('%s: a key that is named is the one that is shown', async (_module, change) => {
  const refused = bank.push(await change(), { dpop: await bank.proof() });
  await expect(refused).rejects.toMatchObject(NO_PROOF);
});

const sent = (proves: object) => bank.push({}, { proves: { ...proves } });
const claimed = (change: Readonly<Record<string, unknown>>) => async () => ({
  client_assertion: await bank.assertion(change),
});
const [twisted, ps256]: readonly [BankKey, BankKey] = await Promise.all([aBankKey(), aBankKey('PS256')]);

it.each([
  [
    'fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails',
    claimed({ aud: 'https://evil.example/' }),
  ],
  ['fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails', claimed({ sub: undefined })],
  [
    'fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails',
    () => claimed({ iat: bank.now() - 360, exp: bank.now() - 300 })(),
  ],
  [
    'fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails',
    () => claimed({ iat: bank.now() + 70, nbf: bank.now() + 70, exp: bank.now() + 130 })(),
  ],
  [
    'fapi2-security-profile-final-par-test-token-endpoint-url-as-audience-fails',
    claimed({ aud: 'https://id.example/application/o/token/' }),
  ],
  [
    'fapi2-security-profile-final-par-test-par-endpoint-url-as-audience-fails',
    claimed({ aud: 'https://id.example/application/o/' }),
  ],
  ['fapi2-security-profile-final-par-test-array-as-audience-fails', claimed({ aud: [bank.issuer] })],
  [
    'fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails',
    async () => ({ client_assertion: await bank.assertion({}, bank.rsa, { kid: 'rsa' }) }),
  ],
])('%s: refuses to believe who asks', async (_module, make) => {
  await expect(sent(await make())).rejects.toMatchObject(NO_CLIENT);
});

it.each([
  ['none', async () => ({ client_assertion: '', client_assertion_type: '' })],
  ['one without a type', async () => ({ client_assertion_type: '' })],
  ['one of another type', async () => ({ client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2' })],
  ['one with another subject', claimed({ sub: 'bank2' })],
  ['one without an issuer', claimed({ iss: undefined })],
  ['one of another issuer', claimed({ iss: 'bank2' })],
  ['one for nobody', claimed({ aud: undefined })],
  ['one by another key', async () => ({ client_assertion: await bank.assertion({}, twisted) })],
  ['one by a key of another kind', async () => ({ client_assertion: await bank.assertion({}, ps256, {}) })],
  ['one that nobody signed', async () => ({ client_assertion: unsigned(await bank.assertion()) })],
  [
    'one whose signature was changed',
    async () => ({ client_assertion: `${(await bank.assertion()).slice(0, -4)}AAAA` }),
  ],
  ['a secret', async () => ({ client_assertion: '', client_assertion_type: '', client_secret: 'bank secret' })],
])('fapi2-security-profile-final-ensure-invalid-client-assertions-fail: %s', async (_name, make) => {
  await expect(sent(await make())).rejects.toMatchObject(NO_CLIENT);
});

it('fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted: allows for clocks', async () => {
  const early = { iat: bank.now() + 8, nbf: bank.now() + 8, exp: bank.now() + 68 };
  const client_assertion = await bank.assertion(early);
  expect(await sent({ client_assertion })).toMatchObject({ expires_in: 60 });
  await expect(sent({ client_assertion })).rejects.toMatchObject(NO_CLIENT);
});

function unsigned(token: string): string {
  const [, claims] = token.split('.');
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
}
