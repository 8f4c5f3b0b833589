import { asService } from '@postern/rpc';
import { decodeJwt } from 'jose';
import { beforeEach, expect, it } from 'vitest';
import { DEVICE_CODE_GRANT } from '../../client-settings/index.ts';
import { ADA, aProtocol, aUser } from '../protocol.fixture.ts';

const protocol = await aProtocol();
const { devices, userCodes, exchange, world, clock, sql, tenant, origin, completion, withHead } = protocol;
await protocol.client('tv', { clientType: 'public' });
await protocol.client('box');
await protocol.client('other', { clientType: 'public' });
await protocol.client('idle', { clientType: 'public', application: false });
await protocol.client('web', { clientType: 'public', settings: { grantTypes: ['authorization_code'] } });
const EVE = ADA + 1;
world.people.set(EVE, aUser(EVE, 'eve'));

beforeEach(() => {
  world.isTired = false;
  world.verdict = { passing: true, messages: [] };
  world.deviceFlow = 'device';
  world.started.length = 0;
});

const ask = (request: Parameters<typeof devices.authorizeDevice>[0], headers: Record<string, string> = {}) =>
  devices.authorizeDevice(request, origin({ headers }));
const poll = (device_code: string, client_id = 'tv', rest = {}) =>
  exchange({ grant_type: DEVICE_CODE_GRANT, client_id, device_code, ...rest });
const refusal = (reason: string) => ({ reason });

async function open(code: string, session?: string) {
  const query = code === '' ? '' : `code=${code}`;
  const { location } = await withHead((onHead) =>
    devices.enterUserCode({ code }, origin({ session, query }), { onHead }),
  );
  return location;
}

/** The end of the flow that was started last. */
const finish = (session: string, consented = ['device_code', 'openid'], started = world.started.at(-1)) =>
  completion.complete(
    { reference: started?.completion?.reference, session: world.sessions.get(session), consented },
    asService(tenant),
  );

async function approved(scope = 'openid', client_id = 'tv') {
  const codes = await ask({ client_id, scope });
  const session = protocol.signIn();
  await open(codes.user_code, session);
  await finish(session);
  return { ...codes, session };
}

it.each([
  ['an unknown client', { client_id: 'nobody' }, 'INVALID_CLIENT'],
  ['no client', {}, 'INVALID_CLIENT'],
  ['a confidential client without its secret', { client_id: 'box' }, 'INVALID_CLIENT'],
  ['a confidential client with a wrong secret', { client_id: 'box', client_secret: 'wrong' }, 'INVALID_CLIENT'],
  ['a client without an application', { client_id: 'idle' }, 'UNAUTHORIZED_CLIENT'],
  ['a client whose settings leave the grant out', { client_id: 'web' }, 'UNAUTHORIZED_CLIENT'],
  ['scopes that the client does not have', { client_id: 'tv', scope: 'root admin' }, 'INVALID_SCOPE'],
])('gives no codes to %s', async (_name, request, reason) => {
  await expect(ask(request)).rejects.toMatchObject(refusal(reason));
});

it('gives no codes to whoever asked too often, and looks at nothing of them', async () => {
  world.isTired = true;
  await expect(ask({ client_id: 'nobody' })).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
  expect(world.tries.at(-1)).toBe('device_request');
});

it('gives codes in the shape of the contract, and keeps neither of them in clear', async () => {
  const codes = await ask({ client_id: 'box', client_secret: 'box secret', scope: 'openid root' });
  expect(codes).toMatchObject({ expires_in: 60, interval: 5, verification_uri: 'https://id.example/device' });
  expect(codes.device_code).toMatch(/^[\w-]{128}$/);
  expect(codes.user_code).toMatch(/^\d{9}$/);
  expect(codes.verification_uri_complete).toBe(`https://id.example/device?code=${codes.user_code}`);
  const rows = await sql<{ scopes: string; user_code: string }>(
    'select * from oauth2_device_code order by created desc',
  );
  expect(rows[0]?.scopes).toBe('openid');
  for (const each of [codes.device_code, codes.user_code]) expect(JSON.stringify(rows)).not.toContain(each);
});

it('shows the page to nobody who is not signed in, and not at all without a flow of the brand', async () => {
  expect(await open('123456789')).toBe(
    `/flows/-/default/authentication/?next=${encodeURIComponent('/device?code=123456789')}`,
  );
  world.deviceFlow = undefined;
  await expect(open('', protocol.signIn())).rejects.toMatchObject(refusal('NOT_FOUND'));
});

it.each(['', '12345678', '1234567890', 'abc', '000000000'])(
  'asks for a code where "%s" is none that a device waits for',
  async (code) => {
    expect(await open(code, protocol.signIn())).toBe('/if/flow/consent/');
    expect(world.started.at(-1)).toMatchObject({ slug: 'device', last_stage: 'device_code' });
    expect(await userCodes.findUserCode({ user_code: '000000000' }, asService(tenant))).toEqual({ waits: false });
  },
);

it('finds no code for whoever tried too often', async () => {
  const { user_code } = await ask({ client_id: 'tv' });
  world.isTired = true;
  await open(user_code, protocol.signIn());
  expect(world.started.at(-1)).toMatchObject({ last_stage: 'device_code' });
});

it('tells the login service alone whether a device waits for a code', async () => {
  const { user_code } = await ask({ client_id: 'tv' });
  await expect(userCodes.findUserCode({ user_code }, origin({}))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await userCodes.findUserCode({ user_code }, asService(tenant))).toEqual({ waits: true });
  clock.advance(61_000);
  expect(await userCodes.findUserCode({ user_code }, asService(tenant))).toEqual({ waits: false });
});

it('asks whoever opens the link for consent, with the application, what it wants and the code of the device', async () => {
  const { user_code } = await ask({ client_id: 'tv', scope: 'openid email' });
  await open(user_code.replace(/^(...)(...)/, '$1 $2-'), protocol.signIn());
  const shown = user_code.replace(/^(...)(...)/, '$1 $2 ');
  expect(world.started.at(-1)?.context).toMatchObject({
    application: { slug: 'tv' },
    consent_header: "You're about to sign into App tv.",
    prompts: ['consent'],
    consent_permissions: [
      { id: 'device_code', name: `Sign in on the device that shows the code ${shown}` },
      { id: 'email' },
      { id: 'openid' },
    ],
  });
});

it('does not lead to the flow of an application that keeps the person out', async () => {
  const { user_code, device_code } = await ask({ client_id: 'tv' });
  world.verdict = { passing: false, messages: ['Not you.'] };
  await expect(open(user_code, protocol.signIn())).rejects.toMatchObject({
    reason: 'APPLICATION_DENIED',
    message: 'Not you.',
  });
  expect(world.asked.at(-1)).toMatchObject({ oauth_grant_type: DEVICE_CODE_GRANT });
  await expect(poll(device_code)).rejects.toMatchObject(refusal('AUTHORIZATION_PENDING'));
});

it('is approved by no other session, no other person, no flow without consent, and nobody after another one saw it', async () => {
  const { user_code, device_code } = await ask({ client_id: 'tv' });
  const [ada, eve] = [protocol.signIn(), protocol.signIn(EVE)];
  await open(user_code, ada);
  const first = world.started.at(-1);
  await expect(finish(eve)).rejects.toMatchObject(refusal('NOT_FOUND'));
  await expect(finish(protocol.signIn())).rejects.toMatchObject(refusal('NOT_FOUND'));
  await expect(finish(ada, ['openid'])).rejects.toMatchObject(refusal('APPLICATION_DENIED'));
  protocol.signIn(EVE, ada);
  await expect(finish(ada)).rejects.toMatchObject(refusal('NOT_FOUND'));
  protocol.signIn(ADA, ada);
  await open(user_code, eve);
  await expect(finish(ada, undefined, first)).rejects.toMatchObject(refusal('NOT_FOUND'));
  for (const reference of ['device.', 'device.x', 'device.00000000-0000-4000-8000-000000000000'])
    await expect(
      completion.complete(
        { reference, session: world.sessions.get(eve), consented: ['device_code'] },
        asService(tenant),
      ),
    ).rejects.toMatchObject(refusal('NOT_FOUND'));
  await expect(poll(device_code)).rejects.toMatchObject(refusal('AUTHORIZATION_PENDING'));
});

it('tells the device that the policies of the application refused whoever approved it', async () => {
  const { user_code, device_code } = await ask({ client_id: 'tv' });
  const session = protocol.signIn();
  await open(user_code, session);
  world.verdict = { passing: false, messages: [] };
  await expect(finish(session)).rejects.toMatchObject(refusal('APPLICATION_DENIED'));
  world.verdict = { passing: true, messages: [] };
  await expect(finish(session)).rejects.toMatchObject(refusal('NOT_FOUND'));
  await expect(poll(device_code)).rejects.toMatchObject(refusal('ACCESS_DENIED'));
});

it('tells the device that the person declined, and lets nobody else decline for them', async () => {
  const { device_code, user_code } = await ask({ client_id: 'tv', scope: 'openid' });
  const session = protocol.signIn();
  await open(user_code, session);
  await expect(protocol.decline(protocol.signIn(EVE))).rejects.toMatchObject(refusal('NOT_FOUND'));
  await expect(poll(device_code)).rejects.toMatchObject(refusal('AUTHORIZATION_PENDING'));
  expect(await protocol.decline(session)).toMatchObject({ redirect: '/if/user/' });
  clock.advance(5_000);
  await expect(poll(device_code)).rejects.toMatchObject(refusal('ACCESS_DENIED'));
  await expect(finish(session)).rejects.toMatchObject(refusal('NOT_FOUND'));
});

it('makes a device wait longer each time that it asks too early', async () => {
  const { device_code } = await ask({ client_id: 'tv' });
  const asks = async (after: number) => {
    clock.advance(after * 1000);
    return poll(device_code).catch(({ reason }: { reason: string }) => reason);
  };
  expect(await asks(0)).toBe('AUTHORIZATION_PENDING');
  expect(await asks(5)).toBe('AUTHORIZATION_PENDING');
  expect(await asks(2)).toBe('SLOW_DOWN');
  expect(await asks(6)).toBe('SLOW_DOWN');
  expect(await asks(15)).toBe('AUTHORIZATION_PENDING');
});

it.each([
  ['an unknown code', async () => poll('unknown'), 'INVALID_GRANT'],
  ['no code', async () => poll(''), 'INVALID_REQUEST'],
  ["another client's code", async () => poll((await approved()).device_code, 'other'), 'INVALID_GRANT'],
  [
    'a confidential client without its secret',
    async () => poll((await ask({ client_id: 'box', client_secret: 'box secret' })).device_code, 'box'),
    'INVALID_CLIENT',
  ],
  [
    'a code that has expired, approved or not',
    async () => {
      const { device_code } = await approved();
      clock.advance(61_000);
      return poll(device_code);
    },
    'EXPIRED_TOKEN',
  ],
  [
    'a person who was deactivated since',
    async () => {
      const { device_code } = await approved();
      const ada = aUser(ADA, 'ada');
      world.people.set(ADA, { ...ada, is_active: false });
      return poll(device_code).finally(() => world.people.set(ADA, ada));
    },
    'INVALID_GRANT',
  ],
])('gives no tokens for %s', async (_name, attempt, reason) => {
  await expect(attempt()).rejects.toMatchObject(refusal(reason));
});

it('gives tokens once, of a grant that outlives the session of the browser', async () => {
  const { device_code, session } = await approved('openid email');
  const tokens = await poll(device_code);
  expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'openid email', refresh_token: expect.any(String) });
  const claims = decodeJwt(tokens.id_token ?? '');
  expect(claims).toMatchObject({ sub: world.people.get(ADA)?.uid, aud: 'tv', amr: ['pwd'] });
  expect(claims).not.toHaveProperty('sid');
  const before = (await protocol.facts('providers.v1.oauth2_code.reused')).length;
  await expect(poll(device_code)).rejects.toMatchObject(refusal('INVALID_GRANT'));
  expect(await protocol.facts('providers.v1.oauth2_code.reused')).toHaveLength(before + 1);
  world.sessions.delete(session);
  await expect(protocol.refresh('tv', tokens.refresh_token, { client_secret: '' })).resolves.toBeDefined();
});

it('ends what somebody gave as somebody else with their session', async () => {
  const codes = await ask({ client_id: 'tv', scope: 'openid' });
  const session = protocol.signIn(EVE, undefined, ADA);
  await open(codes.user_code, session);
  await finish(session);
  const { refresh_token } = await poll(codes.device_code);
  const [authorized] = (await protocol.facts('providers.v1.application.authorized')).slice(-1);
  expect(authorized?.actor).toMatchObject({ user: { username: 'eve' }, on_behalf_of: { username: 'ada' } });
  world.sessions.delete(session);
  await expect(protocol.refresh('tv', refresh_token, { client_secret: '' })).rejects.toMatchObject(
    refusal('INVALID_GRANT'),
  );
});

it('lets one of 200 parallel approvals decide, and one of 200 parallel redemptions get tokens', async () => {
  const { user_code, device_code } = await ask({ client_id: 'tv', scope: 'openid' });
  const session = protocol.signIn();
  await open(user_code, session);
  const won = async (work: () => Promise<unknown>) => {
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, work));
    return outcomes.filter(({ status }) => status === 'fulfilled').length;
  };
  const grants = async () => (await sql('select 1 from oauth2_grant')).length;
  const before = await grants();
  expect(await won(() => finish(session))).toBe(1);
  expect(await won(() => poll(device_code))).toBe(1);
  expect(await grants()).toBe(before + 1);
}, 60_000);
