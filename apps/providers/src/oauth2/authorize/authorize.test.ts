import { asService } from '@postern/rpc';
import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { CALLBACK } from '../client.fixture.ts';
import { ADA, aProtocol, aUser, PKCE } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { authorize, complete, signIn, world, clock } = protocol;
await protocol.client('web');
await protocol.client('patterned', { redirectUris: '^https://[a-z]+\\.example/cb\nhttps://one.example/x?y=z' });
await protocol.client('open', { redirectUris: '' });
await protocol.client('lonely', { application: false });

const asked = { response_type: 'code', client_id: 'web', redirect_uri: CALLBACK, scope: 'openid', state: 's t/1' };
const paramsOf = (location: string) => Object.fromEntries(new URL(location).searchParams);

it('answers an empty request as an unknown address', async () => {
  await expect(authorize({})).rejects.toMatchObject({ reason: 'NOT_FOUND' });
});

it.each([
  ['an unknown client', { client_id: 'nobody' }, 'CLIENT_ID_INVALID'],
  ['no client', { client_id: '' }, 'CLIENT_ID_INVALID'],
  ['another address', { redirect_uri: 'https://evil.example/cb' }, 'REDIRECT_URI_INVALID'],
  ['no address', { redirect_uri: '' }, 'REDIRECT_URI_INVALID'],
  ['an address below the one registered', { redirect_uri: `${CALLBACK}/more` }, 'REDIRECT_URI_INVALID'],
  ['an address with a fragment', { redirect_uri: `${CALLBACK}#x` }, 'REDIRECT_URI_INVALID'],
  [
    'an address that contains a match',
    { client_id: 'patterned', redirect_uri: 'https://a.example/cb.evil' },
    'REDIRECT_URI_INVALID',
  ],
  [
    'an entry that is an address as if it were a pattern',
    { client_id: 'patterned', redirect_uri: 'https://oneXexample/x?y=z' },
    'REDIRECT_URI_INVALID',
  ],
  ['any address of a provider that has none', { client_id: 'open' }, 'REDIRECT_URI_INVALID'],
])('shows %s as a page, whatever else is wrong, and never goes there', async (_name, wrong, reason) => {
  const request = { ...asked, response_type: 'nonsense', ...wrong };
  await expect(authorize(request, { session: signIn() })).rejects.toMatchObject({ reason });
});

it.each([
  [{ response_type: '' }, 'invalid_request'],
  [{ response_type: 'token' }, 'unsupported_response_type'],
  [{ response_type: 'none' }, 'unsupported_response_type'],
  [{ request: 'x' }, 'request_not_supported'],
  [{ request_uri: 'https://app.example/r' }, 'request_uri_not_supported'],
  [{ scope: 'unheard of' }, 'invalid_scope'],
  [{ scope: 'goauthentik.io/api' }, 'invalid_scope'],
  [{ code_challenge: PKCE.verifier, code_challenge_method: 'S512' }, 'invalid_request'],
  [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
  [{ code_challenge_method: 'S256' }, 'invalid_request'],
  [{ prompt: 'none login' }, 'login_required'],
  [{ prompt: 'none consent' }, 'consent_required'],
  [{ prompt: 'none select_account' }, 'account_selection_required'],
  [{ claims: '{' }, 'invalid_request'],
  [{ claims: '{"id_token":{"sub":1}}' }, 'invalid_request'],
  [{ claims: '{"id_token":{"acr":{"essential":true,"values":["gold"]}}}' }, 'unmet_authentication_requirements'],
  [{ id_token_hint: 'not.of.ours' }, 'invalid_request'],
  [{ dpop_jkt: 'short' }, 'invalid_request'],
  [{ resource: ['https://api.example/'] }, 'invalid_target'],
  [{ nonce: 'a\0b' }, 'invalid_request'],
  [{ max_age: 'soon' }, 'invalid_request'],
  [{ max_age: '-1' }, 'invalid_request'],
])('sends %o back to the client as %s', async (wrong, error) => {
  const location = await authorize({ ...asked, ...wrong }, { session: signIn() });
  expect(location.startsWith(`${CALLBACK}?`)).toBe(true);
  const issuer = 'https://id.example/application/o/web/';
  expect(paramsOf(location)).toMatchObject({ error, state: 's t/1', iss: issuer });
  expect(paramsOf(location).error_description).toBeTruthy();
});

it('keeps the query of the address and puts errors of the fragment mode behind the hash', async () => {
  const wrong = { ...asked, client_id: 'patterned', redirect_uri: 'https://one.example/x?y=z', response_type: 'token' };
  expect(await authorize(wrong)).toMatch(/^https:\/\/one\.example\/x\?y=z&error=unsupported_response_type&/);
  expect(await authorize({ ...wrong, response_mode: 'fragment' })).toMatch(/^https:\/\/one\.example\/x\?y=z#error=/);
});

it('refuses a provider that no application uses', async () => {
  const request = { ...asked, client_id: 'lonely' };
  await expect(authorize(request, { session: signIn() })).rejects.toMatchObject({ reason: 'APPLICATION_MISSING' });
});

it('lets visitors sign in first and come back to the same request', async () => {
  const query = new URLSearchParams(asked).toString();
  expect(await authorize({ ...asked, login_hint: 'ada', ui_locales: 'de en' }, { query })).toBe(
    '/if/flow/consent/?ui_locales=de+en&login_hint=ada',
  );
  expect(world.started.at(-1)).toMatchObject({
    designation: 'authentication',
    context: { application: { slug: 'web' } },
    next: `/application/o/authorize/?${query}`,
  });
});

it('refuses to ask when the client forbids it', async () => {
  expect(paramsOf(await authorize({ ...asked, prompt: 'none' }))).toMatchObject({ error: 'login_required' });
  const session = signIn();
  clock.advance(120_000);
  const stale = await authorize({ ...asked, prompt: 'none', max_age: '60' }, { session });
  expect(paramsOf(stale)).toMatchObject({ error: 'login_required' });
});

it('shows whom the policies keep out a page with their reason, and asks them about the request', async () => {
  world.verdict = { passing: false, messages: ['Office hours only'] };
  await expect(authorize({ ...asked, ...PKCE.challenge }, { session: signIn() })).rejects.toMatchObject({
    reason: 'APPLICATION_DENIED',
    message: 'Office hours only',
  });
  world.verdict = { passing: true, messages: [] };
  expect(world.asked.at(-1)).toMatchObject({
    oauth_scopes: ['openid'],
    oauth_grant_type: 'authorization_code',
    oauth_code_challenge_method: 'S256',
    oauth_redirect_uri: CALLBACK,
    oauth_response_type: 'code',
  });
});

it('starts the flow of the client with what the consent page shows, and goes to it', async () => {
  const request = { ...asked, scope: 'user:email profile openid email nonsense', prompt: 'consent', max_age: '600' };
  const location = await authorize(request, { session: signIn(), query: 'a=b' });
  expect(location).toBe('/if/flow/consent/?a=b');
  expect(world.started.at(-1)).toMatchObject({
    context: {
      application: { name: 'App web', slug: 'web' },
      consent_header: "You're about to sign into App web.",
      consent_permissions: [
        { id: 'email', name: 'Email address' },
        { id: 'openid', name: '' },
        { id: 'profile', name: 'General Profile Information' },
        { id: 'user:email', name: 'GitHub Compatibility: Access you Email addresses' },
      ],
      is_sso: true,
      prompts: ['consent'],
      max_age: undefined,
    },
    completion: { service: 'providers' },
  });
});

it('answers once with a code, and tells who was let know', async () => {
  const session = signIn();
  await authorize(asked, { session });
  const { redirect = '' } = await complete(session);
  expect(Object.keys(paramsOf(redirect))).toEqual(['code', 'state', 'iss']);
  expect(paramsOf(redirect)).toMatchObject({ state: 's t/1' });
  await expect(complete(session)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  const [fact] = (await protocol.facts('providers.v1.application.authorized')).slice(-1);
  expect(fact).toMatchObject({ actor: { kind: 'user', user: { pk: ADA } }, client: { address: '192.0.2.1' } });
});

it('gives nothing back that the client did not send, however old the sign-in is', async () => {
  const session = signIn();
  clock.advance(600_000);
  await authorize({ ...asked, state: '' }, { session });
  const { redirect = '' } = await complete(session);
  expect(Object.keys(paramsOf(redirect))).toEqual(['code', 'iss']);
  const { id_token = '' } = await protocol.redeem('web', paramsOf(redirect).code ?? '');
  expect(decodeJwt(id_token)).not.toHaveProperty('nonce');
});

it('gives one code when a flow ends twice at once', async () => {
  const session = signIn();
  await authorize(asked, { session });
  const outcomes = await Promise.allSettled([complete(session), complete(session)]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('answers by a form, and in the fragment, where the client asks for it', async () => {
  const session = signIn();
  await authorize({ ...asked, response_mode: 'form_post' }, { session });
  expect((await complete(session)).form_post).toMatchObject({
    url: CALLBACK,
    title: 'Redirecting to App web...',
    attrs: { state: 's t/1', iss: 'https://id.example/application/o/web/' },
  });
  await authorize({ ...asked, response_mode: 'fragment' }, { session });
  expect((await complete(session)).redirect).toMatch(/^https:\/\/app\.example\/cb#code=/);
});

it('refuses a reference that is unknown, has expired, or belongs to an older session', async () => {
  const [session, older] = [signIn(), signIn()];
  await expect(complete(session, '0197c0de-0000-7000-8000-000000000001')).rejects.toMatchObject({
    reason: 'NOT_FOUND',
  });
  clock.advance(60_000);
  await authorize(asked, { session });
  await expect(complete(older)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  clock.advance(3_700_000);
  await expect(complete(session)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
});

it('refuses with login_required when prompt=login was asked and nobody signed in again', async () => {
  const session = signIn();
  clock.advance(60_000);
  await authorize({ ...asked, prompt: 'login' }, { session });
  expect(paramsOf((await complete(session)).redirect ?? '')).toMatchObject({ error: 'login_required' });
  await authorize({ ...asked, prompt: 'login' }, { session });
  expect(paramsOf((await complete(signIn())).redirect ?? '')).toHaveProperty('code');
});

it('asks the policies about the person who passed the flow, not the one who began it', async () => {
  const session = signIn();
  await authorize(asked, { session });
  world.people.set(8, { ...aUser(8, 'bob'), is_active: false });
  clock.advance(1_000);
  expect(paramsOf((await complete(signIn(8))).redirect ?? '')).toMatchObject({ error: 'access_denied' });
});

it('tells the client that the person declined, once, and nobody who is not theirs', async () => {
  const [session, older] = [signIn(), signIn()];
  clock.advance(60_000);
  await authorize(asked, { session });
  await expect(protocol.decline(older)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  const before = (await protocol.facts('providers.v1.application.authorized')).length;
  const { redirect = '' } = await protocol.decline(session);
  expect(redirect).toMatch(/^https:\/\/app\.example\/cb\?/);
  expect(paramsOf(redirect)).toMatchObject({ error: 'access_denied', state: 's t/1', iss: expect.any(String) });
  await expect(complete(session)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  expect(await protocol.facts('providers.v1.application.authorized')).toHaveLength(before);
});

it('knows nothing of the requests of another tenant', async () => {
  const session = signIn();
  await authorize(asked, { session });
  const reference = world.started.at(-1)?.completion?.reference ?? '';
  const request = { reference, session: world.sessions.get(session), consented: [] };
  const elsewhere = asService('0197c0de-0000-7000-8000-0000000000ff');
  await expect(protocol.completion.complete(request, elsewhere)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
});
