/** Whoever signs up with what is somebody else's lives like whoever really signs up: nothing that they are answered tells one from the other. */

import { describe, expect, it, vi } from 'vitest';
import { type HeadlessClient, type HeadlessReply, headlessHouse } from './headless-house.fixture.ts';
import { NEARBY, phonesOf } from './phone-provider.fixture.ts';
import { ENDING, LIVES, type Life, NEUTRAL, type Newcomer } from './pretended-lives.fixture.ts';

const house = await headlessHouse(NEARBY);
const phones = await phonesOf(house);
const password = 'a long walk in the hills';
let count = 100_000;

const aNumber = () => `+3161${count++}`;

/** Somebody whose address and number are known to be theirs. */
async function owner() {
  const phone = aNumber();
  const { pk, email } = await house.person({ username: `owner-${count++}` });
  await house.sql(
    `insert into auth.phone_number (tenant_id, pk, user_pk, phone, verified) values ($1, gen_random_uuid(), $2, $3, true)`,
    [house.tenant, pk, phone],
  );
  return { email, phone };
}

/** An answer without what differs between any two people. */
function shown({ status, body, headers }: HeadlessReply, me: Newcomer) {
  const text = JSON.stringify(body)
    .replaceAll(me.username, 'NAME')
    .replaceAll(me.email, 'ADDRESS')
    .replaceAll(me.phone, 'NUMBER')
    .replaceAll(me.otherEmail, 'OTHER ADDRESS')
    .replaceAll(me.otherPhone, 'OTHER NUMBER')
    .replaceAll(
      /("(?:at|created_at|last_seen_at|id|secret|challenge|session_token|totp_url)": ?)(?:[\d.]+|"[^"]*")/g,
      '$1X',
    );
  const cookies = headers.getSetCookie().map((line) => line.replace(/=[^;]*/, ''));
  const names = [...headers.keys()].filter((name) => name !== 'set-cookie');
  return { status, text, cookies, names };
}

/** Two who sign up: one of them with what is somebody's. */
async function both(kind: 'app' | 'browser', life: Life) {
  await house.reset();
  // Messages are limited for a network, too: that of all of them here.
  await house.sql('delete from auth.attempt_budget');
  await house.set({ signup_open: true, ...life.settings });
  const theirs = await owner();
  const people = [false, true].map((isPretended): { me: Newcomer; client: HeadlessClient } => {
    const username = `somebody-${count++}`;
    const free = { email: `mail-${count++}@example.com`, phone: aNumber() };
    const given = { ...free, ...(isPretended && life.taken.includes('email') && { email: theirs.email }) };
    const number = isPretended && life.taken.includes('phone') ? { phone: theirs.phone } : {};
    const others = { otherEmail: `else-${count++}@example.com`, otherPhone: aNumber() };
    return { me: { username, password, ...given, ...number, ...others }, client: house[kind]() };
  });
  const ask = async (what: (client: HeadlessClient, me: Newcomer) => Promise<HeadlessReply>) => {
    const answers = await Promise.all(people.map(async ({ client, me }) => shown(await what(client, me), me)));
    const [real, fake] = answers;
    if (real === undefined) throw new Error('nobody was answered');
    expect(fake).toEqual(real);
    return real;
  };
  const begun = await ask((client, me) => client.post(life.path ?? '/auth/signup', pick(me, life.fields)));
  expect(begun).toMatchObject({ status: 401, text: expect.stringContaining('"is_pending":true') });
  return { ask, people };
}

function pick(me: Newcomer, fields: readonly (keyof Newcomer)[]) {
  return Object.fromEntries(fields.map((field) => [field, me[field]]));
}

const taken = new Set<string>();

/** The first code that went to an address or a number, and that this was not asked for before; waits until there is one. */
function codeTo(where: string): Promise<string> {
  const CODE = /\b[B-Z]{4}-[B-Z]{4}\b/;
  return vi.waitFor(
    () => {
      const messages = phones.messages.filter(({ to }) => to === where).map(({ code }) => code);
      const mails = house.sink.mails.filter(({ to }) => to.includes(where)).map(({ body }) => CODE.exec(body)?.[0]);
      const found = [...messages, ...mails].find((code) => code !== undefined && code !== '' && !taken.has(code));
      if (found === undefined) throw new Error(`no code came to ${where}`);
      taken.add(found);
      return found;
    },
    { timeout: 4000, interval: 10 },
  );
}

const OF_APPS = /tokens\/refresh/;
const OF_BROWSERS = /provider\/redirect|2fa\/trust/;
const lives = Object.entries(LIVES);

describe('signing up with what is somebody’s', () => {
  it.each([
    ...lives.map(([name, life]) => ['app', name, life] as const),
    ...lives.slice(1, 3).map(([name, life]) => ['browser', name, life] as const),
  ])('is answered like any sign-up by every operation, as %s: %s', async (kind, _name, life) => {
    const { ask } = await both(kind, life);
    for (const [operation, { body, headers, form }] of Object.entries(NEUTRAL)) {
      if ((kind === 'app' ? OF_BROWSERS : OF_APPS).test(operation)) continue;
      const [method = '', path = ''] = operation.split(' ');
      const sent = { ...(headers && { headers }), ...(form && { raw: form }) };
      await ask((client, me) => client.send(method, path, body?.(me), sent));
    }
    await ask((client) => client.get('/auth/session'));
  });

  it.each(lives.slice(1, 3))('is answered alike when something else takes its place: %s', async (_name, life) => {
    for (const [operation, { body }] of Object.entries(ENDING)) {
      const { ask } = await both('app', life);
      const [method = '', path = ''] = operation.split(' ');
      const somebody = await house.person();
      await ask((client, me) => client.send(method, path, body?.(me, somebody)));
      await ask((client) => client.get('/auth/session'));
    }
  });

  it.each(lives)('is a sign-up like any once nothing of it is somebody’s any more: %s', async (_name, life) => {
    const { ask, people } = await both('app', life);
    for (const { path, status, body } of life.steps) {
      const answered = await ask(async (client, me) => client.post(path, await body(me, codeTo)));
      expect({ path, status: answered.status }).toEqual({ path, status });
      await ask((client) => client.get('/auth/session'));
    }
    if (life.endsAt === 'waiting') return;
    for (const place of ['email', 'phone', 'authenticators', 'providers'])
      expect((await ask((client) => client.get(`/account/${place}`))).status).toBe(200);
    await ask((client) => client.get('/auth/sessions'));
    await ask((client) => client.remove('/auth/session'));
    for (const { client } of people) client.token = undefined;
    const known = life.settings.login_by_code_required ? 401 : 200;
    const later = await ask((client, me) => client.post('/auth/login', pick(me, ['username', 'password'])));
    expect(later.status).toBe(known);
  });
});

it('knows every operation of the API', async () => {
  const { paths } = Object(await (await fetch(`${house.url}/_allauth/openapi.json`)).json());
  const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(Object(methods))
      .filter((method) => METHODS.includes(method))
      .map((method) => `${method.toUpperCase()} ${path.replace(/^\/_allauth\/[^/]+\/v1/, '')}`),
  );
  const known = [...Object.keys(NEUTRAL), ...Object.keys(ENDING)].map((operation) => operation.split('?')[0]);
  expect([...new Set(served)].filter((operation) => !known.includes(operation))).toEqual([]);
});
