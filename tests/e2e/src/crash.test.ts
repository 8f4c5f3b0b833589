import type { RoleName, Roles } from '@postern/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, apiOf, type Json, until } from './api.client.ts';
import { ADMIN_TOKEN, startFiveProcesses } from './platforms.ts';
import { createPerson } from './scenery.ts';
import { type Ledger, type Stream, streamOfSignIns, streamOfUserWrites } from './streams.ts';

const PASSWORD = 'a long walk in the hills';
const PEOPLE = ['ada', 'grace', 'edsger', 'barbara', 'alan'];

/** A request that only this service can answer. */
const PROBES = {
  auth: '/flows/instances/',
  directory: '/core/users/?page_size=1',
  providers: '/providers/oauth2/',
  tasks: '/events/events/?page_size=1',
} as const satisfies Partial<Record<RoleName, string>>;

let roles: Roles;
let api: Api;
let signIns: Stream;
let writes: Stream;

beforeAll(async () => {
  roles = await startFiveProcesses();
  api = apiOf({ url: roles.url, token: ADMIN_TOKEN });
  for (const name of PEOPLE) await createPerson(api, name, PASSWORD);
  signIns = streamOfSignIns(roles.url, PEOPLE, PASSWORD);
  writes = streamOfUserWrites(roles.url, ADMIN_TOKEN);
});

afterAll(async () => {
  await Promise.all([signIns?.stop(), writes?.stop()]);
  await roles?.stop();
});

const total = (book: Map<string, number>) => [...book.values()].reduce((sum, each) => sum + each, 0);

/** Both streams get further than they are now. */
async function untilMoving(): Promise<void> {
  const [before, written] = [total(signIns.ledger.done), total(writes.ledger.done)];
  await until(
    async () => [total(signIns.ledger.done), total(writes.ledger.done)] as const,
    ([now, writtenNow]) => now > before && writtenNow > written,
  );
}

it.each(Object.entries(PROBES))('answers 503 while %s is dead, and goes on when it is back', async (name, probe) => {
  await untilMoving();
  await roles.role(name as RoleName).kill();
  const refused = await until(
    () => api.send('GET', probe),
    ({ status }) => status >= 500,
  );
  expect(refused).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/\w/) } });
  await roles.role(name as RoleName).start();
  await until(
    () => api.send('GET', probe),
    ({ status }) => status === 200,
  );
  await untilMoving();
});

it('goes on when the gateway is back', async () => {
  await roles.role('gateway').kill();
  await expect(api.send('GET', PROBES.directory)).rejects.toThrow();
  await roles.role('gateway').start();
  await untilMoving();
});

it('signs in and writes while the broker is dead', async () => {
  await roles.nats.kill();
  await untilMoving();
  await roles.nats.restart();
  await untilMoving();
});

it('answers 503 while PostgreSQL is dead, and goes on when it has recovered', async () => {
  await untilMoving();
  await roles.postgres.kill();
  for (const probe of Object.values(PROBES)) {
    const refused = await until(
      () => api.send('GET', probe),
      ({ status }) => status >= 500,
    );
    expect(refused).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/\w/) } });
  }
  await roles.postgres.restart();
  for (const probe of Object.values(PROBES)) {
    await until(
      () => api.send('GET', probe),
      ({ status }) => status === 200,
    );
  }
  await untilMoving();
});

it('has lost no event, told none twice and done nothing by half', async () => {
  await Promise.all([signIns.stop(), writes.stop()]);
  expect([...signIns.ledger.odd, ...writes.ledger.odd]).toEqual([]);
  for (const { done, unsure } of [signIns.ledger, writes.ledger]) {
    expect(total(done)).toBeGreaterThan(20);
    expect(total(unsure)).toBeGreaterThan(0);
  }
  await settled();
  await expectSignIns(signIns.ledger);
  await expectWrites(writes.ledger);
});

/**
 * Events follow the changes. A broker that was killed hands out again what it had handed out, some seconds later and behind newer events: wait until
 * there are as many as there must be.
 */
async function settled(): Promise<void> {
  const users = await writtenUsers();
  const renamed = users.filter(({ name }) => name === 'after').length;
  const atLeast = (count: number) => (found: Json[]) => found.length >= count;
  const usersTold = async (action: string) => (await api.list(`/events/events/?action=${action}`)).filter(isWritten);
  await until(() => usersTold('model_created'), atLeast(users.length));
  await until(() => usersTold('model_updated'), atLeast(renamed));
  await until(() => api.list('/events/events/?action=login'), atLeast(total(signIns.ledger.done)));
}

const writtenUsers = () => api.list('/core/users/?path_startswith=users&search=written-');
const userOf = ({ user }: Json) => String((user as Json).username);
const modelOf = ({ context }: Json) => (context as Json).model as Json;

/** Each sign-in that was answered has its session and its event; one without an answer has both or neither. */
async function expectSignIns({ done, unsure }: Ledger): Promise<void> {
  const logins = Map.groupBy(await api.list('/events/events/?action=login'), userOf);
  for (const name of PEOPLE) {
    const sessions = await api.list(`/core/authenticated_sessions/?user__username=${name}`);
    const [told, answered] = [logins.get(name)?.length ?? 0, done.get(name) ?? 0];
    expect({ name, sessions: sessions.length }).toEqual({ name, sessions: told });
    expect(told).toBeGreaterThanOrEqual(answered);
    expect(told).toBeLessThanOrEqual(answered + (unsure.get(name) ?? 0));
  }
}

/** Each user that exists was told once, each new name once, and nothing else was told. */
async function expectWrites({ done }: Ledger): Promise<void> {
  const users = await writtenUsers();
  const count = (found: Json[]) => Map.groupBy(found.filter(isUser), (event) => String(modelOf(event).pk));
  const created = count(await api.list('/events/events/?action=model_created'));
  const updated = count(await api.list('/events/events/?action=model_updated'));
  const byName = new Map(users.map((user) => [String(user.username), user]));
  for (const [name] of done) {
    const [username = '', isRenamed] = name.split(' ');
    expect(byName.get(username)).toMatchObject({ name: isRenamed ? 'after' : expect.any(String) });
  }
  for (const { pk, name, username } of users) {
    const told = { created: created.get(String(pk))?.length ?? 0, updated: updated.get(String(pk))?.length ?? 0 };
    expect({ username, ...told }).toEqual({ username, created: 1, updated: name === 'after' ? 1 : 0 });
  }
  const known = new Set(users.map(({ pk }) => String(pk)));
  const others = await api.list('/core/users/');
  for (const { pk } of others) known.add(String(pk));
  expect([...created.keys()].filter((pk) => !known.has(pk))).toEqual([]);
}

const isUser = (event: Json) => modelOf(event).model_name === 'user';

/** An event about one of the users that the stream wrote, or renamed. */
const isWritten = (event: Json) => isUser(event) && /^(before|after)$/.test(String(modelOf(event).name));
