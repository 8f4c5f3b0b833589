import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgress } from '@postern/egress';
import { createLogger } from '@postern/observability';
import { auth, directory, jobs as jobProtos } from '@postern/proto';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { ADA, aProtocol, aUser } from '../protocol.fixture.ts';
import { aKeyPair } from '../signing/certificate.fixture.ts';
import { LOGOUT_EVENT, type LogoutOrder } from './index.ts';
import { createLogoutJob } from './logout.job.ts';

/** Clients that hear of the end of sessions: a real server, and what it was told. */
const heard: { client: string; type: string | undefined; token: string }[] = [];
let answer = 200;
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const token = new URLSearchParams(body).get('logout_token') ?? '';
    heard.push({ client: request.url?.slice(1) ?? '', type: request.headers['content-type'], token });
    response.writeHead(answer, { location: 'https://elsewhere.example/' }).end('thank you');
  });
});
await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready));
const { port } = receiver.address() as AddressInfo;
const at = (client: string) => `http://127.0.0.1:${port}/${client}`;
const egress = createEgress({ allow: ['127.0.0.0/8'] });
afterAll(async () => {
  receiver.close();
  await egress.close();
});

const protocol = await aProtocol();
const { aCode, redeem, world, endpoint, origin, clock, db, clients, tenant, withHead } = protocol;
const hears = (name: string) => ({ settings: { backchannelLogoutUri: at(name) } });
await protocol.client('web', { keys: aKeyPair('rsa'), ...hears('web') });
await protocol.client('chat', hears('chat'));
await protocol.client('quiet');
await protocol.client('inside', { settings: { backchannelLogoutUri: 'http://10.1.2.3/' } });
const people = { find: async (_tenant: string, user: number) => world.people.get(user) };
const job = createLogoutJob({ db, clients, people, egress, clock });
const EVE = ADA + 1;

beforeEach(() => {
  answer = 200;
  heard.length = 0;
  world.people.set(ADA, aUser(ADA, 'ada'));
  world.people.set(EVE, aUser(EVE, 'eve'));
});

/** Signs in to clients within one session. */
async function within(session: string, names: readonly string[], scope = 'openid') {
  const tokens = [];
  for (const name of names) tokens.push(await redeem(name, (await aCode(name, { scope }, session)).code));
  return tokens;
}

async function jobs(): Promise<jobProtos.JobRequest[]> {
  const found = await protocol.facts('jobs.v1.job.requested');
  return found.flatMap(({ payload }) => jobProtos.JobRequested.decode(payload).jobs);
}

/** The jobs that something asks for. */
async function asked(work: () => Promise<void>): Promise<LogoutOrder[]> {
  const before = (await jobs()).length;
  await work();
  return (await jobs()).slice(before).map(({ args }) => JSON.parse(args));
}

const ended =
  (session: string, reason = 'logout') =>
  () =>
    protocol.hear(
      'auth.v1.session.ended',
      auth.SessionEnded.encode(auth.SessionEnded.fromPartial({ session, reason })).finish(),
    );

function run(order: LogoutOrder, attempt = 1) {
  const log = createLogger({ level: 'silent' });
  const { signal } = new AbortController();
  return job.run(order, { tenant, id: randomUUID(), attempt, signal, log, progress: () => undefined });
}

it('tells the clients of that session, each once, and nobody else', async () => {
  const [session, other] = [protocol.signIn(), protocol.signIn()];
  const [web] = await within(session, ['web', 'web', 'chat', 'quiet']);
  await within(other, ['web']);
  const orders = await asked(ended(session));
  expect(orders).toHaveLength(2);
  expect(await asked(ended(session))).toEqual([]);
  for (const order of orders) await run(order);
  expect(heard.map(({ client }) => client).toSorted()).toEqual(['chat', 'web']);
  const { token = '', type } = heard.find(({ client }) => client === 'web') ?? {};
  expect(type).toBe('application/x-www-form-urlencoded');
  const { keys } = await endpoint.getJwks({ application_slug: 'web' }, origin({}));
  const { payload } = await jwtVerify(token, createLocalJWKSet({ keys } as JSONWebKeySet), {
    typ: 'logout+jwt',
    audience: 'web',
    issuer: 'https://id.example/application/o/web/',
    currentDate: clock.now(),
  });
  const { sid, sub } = decodeJwt(web?.id_token ?? '');
  expect(payload).toMatchObject({ sid, sub, jti: expect.any(String), events: { [LOGOUT_EVENT]: {} } });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(120);
  expect(payload).not.toHaveProperty('nonce');
  const others = heard.find(({ client }) => client === 'chat')?.token ?? '';
  expect(decodeJwt(others).sid).not.toBe(sid);
});

it('tells clients whose access outlives the session, too, and leaves that access alone', async () => {
  const session = protocol.signIn();
  const [tokens] = await within(session, ['web'], 'openid offline_access');
  world.sessions.delete(session);
  expect(await asked(ended(session))).toHaveLength(1);
  await expect(protocol.refresh('web', tokens?.refresh_token)).resolves.toBeDefined();
});

it.each([
  [
    'is deactivated',
    () =>
      protocol.hear(
        'directory.v1.user.updated',
        directory.UserUpdated.encode(
          directory.UserUpdated.fromPartial({ user: { pk: ADA, username: 'ada', is_active: false } }),
        ).finish(),
      ),
  ],
  [
    'is deleted',
    () =>
      protocol.hear(
        'directory.v1.user.deleted',
        directory.UserDeleted.encode(
          directory.UserDeleted.fromPartial({ user: { pk: ADA, username: 'ada' } }),
        ).finish(),
      ),
  ],
])('tells the clients of somebody who %s', async (_name, change) => {
  const session = protocol.signIn();
  await within(session, ['web']);
  const orders = await asked(change);
  expect(orders.length).toBeGreaterThan(0);
  expect(await asked(ended(session))).toEqual([]);
  world.people.delete(ADA);
  const last = orders.at(-1);
  if (last) await run(last);
  const claims = decodeJwt(heard[0]?.token ?? '');
  expect(claims).not.toHaveProperty('sub');
  expect(claims.sid).toBe(last?.sid);
});

it('tells the clients of somebody whom nobody acts as any more, and not those of whoever did', async () => {
  const session = protocol.signIn(EVE);
  await within(session, ['chat']);
  protocol.signIn(EVE, session, ADA);
  await within(session, ['web']);
  const over = auth.ImpersonationEnded.encode({ session, impersonator: EVE, user: ADA }).finish();
  const orders = await asked(() => protocol.hear('auth.v1.impersonation.ended', over));
  expect(orders.map(({ user }) => user)).toEqual([ADA]);
});

it.each([500, 503, 429, 408])('tries again when a client answers %d, with a token of its own', async (status) => {
  const session = protocol.signIn();
  await within(session, ['web']);
  const [order] = await asked(ended(session));
  if (!order) throw new Error('nobody is told');
  answer = status;
  await expect(run(order)).rejects.not.toMatchObject({ name: 'FinalFailure' });
  answer = 204;
  await expect(run(order, 2)).resolves.toBeDefined();
  const [first, second] = heard.map(({ token }) => decodeJwt(token).jti);
  expect(first).not.toBe(second);
});

it.each([400, 404, 302])('gives up when a client answers %d', async (status) => {
  const session = protocol.signIn();
  await within(session, ['web']);
  const [order] = await asked(ended(session));
  if (!order) throw new Error('nobody is told');
  answer = status;
  await expect(run(order)).rejects.toMatchObject({ name: 'FinalFailure' });
  expect(heard).toHaveLength(1);
});

it('calls no address of an internal network that nobody allowed', async () => {
  const session = protocol.signIn();
  await within(session, ['inside']);
  const [order] = await asked(ended(session));
  if (!order) throw new Error('nobody is told');
  await expect(run(order)).rejects.toMatchObject({ name: 'FinalFailure' });
});

it('takes a logout token for no access token and no hint of who signs out', async () => {
  const session = protocol.signIn();
  await within(session, ['web']);
  await within(session, ['chat']);
  for (const order of await asked(ended(session))) await run(order);
  protocol.signIn(ADA, session);
  expect(heard).toHaveLength(2);
  for (const { client, token } of heard) {
    expect(decodeProtectedHeader(token).typ).toBe('logout+jwt');
    const own = { client_id: client, client_secret: `${client} secret` };
    await expect(endpoint.getUserInfo({ access_token: token }, origin({}))).rejects.toMatchObject({
      reason: 'INVALID_TOKEN',
    });
    const { data } = await endpoint.introspectToken({ token, ...own }, origin({}));
    expect(JSON.parse(Buffer.from(data).toString())).toEqual({ active: false });
    await expect(protocol.refresh(client, token)).rejects.toMatchObject({ reason: 'INVALID_GRANT' });
    const { location } = await withHead((onHead) =>
      endpoint.endSession(
        { application_slug: client, id_token_hint: token },
        origin({ session, query: `id_token_hint=${token}` }),
        { onHead },
      ),
    );
    expect(location).toMatch(/^\/if\/session-end\/\w+\/\?/);
    expect(world.sessions.has(session)).toBe(true);
  }
});
