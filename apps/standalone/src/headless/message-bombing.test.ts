import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';
import { NEARBY, phonesOf } from './phone-provider.fixture.ts';

// Clients say where they are as a proxy in front would.
const house = await headlessHouse({ ...NEARBY, POSTERN_TRUSTED_PROXIES: '127.0.0.1' });
const phones = await phonesOf(house);
const MANY = 24;
const PASSWORD = 'a long walk in the hills';

let last = 200_000;
const aNumber = () => `+3161${last++}`;

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
});

/** A way in which anybody has a message sent to a phone that is somebody else's. */
type Way = {
  readonly what: string;
  readonly settings: Parameters<typeof house.set>[0];
  readonly path: string;
  readonly body: (phone: string) => object;
  readonly perReader: number;
  readonly perClient: number;
};

const WAYS: readonly Way[] = [
  {
    what: 'signing up with their number',
    settings: { signup_open: true, signup_fields: ['username*', 'phone', 'password1*'] },
    path: '/auth/signup',
    body: (phone: string) => ({ username: `n-${randomUUID().slice(0, 12)}`, phone, password: PASSWORD }),
    perReader: 1,
    perClient: 3,
  },
  {
    what: 'asking for a code',
    settings: { login_by_code_enabled: true, login_methods: ['phone'] },
    path: '/auth/code/request',
    body: (phone: string) => ({ phone }),
    perReader: 3,
    perClient: 20,
  },
];

const send = (path: string, body: object, client: string) =>
  fetch(`${house.url}/_allauth/app/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
    body: JSON.stringify(body),
  });

/** Numbers of people who have shown that they are theirs. */
async function numbers(many: number): Promise<readonly string[]> {
  const made: string[] = [];
  for (let index = 0; index < many; index++) {
    const { pk } = await house.person();
    const phone = aNumber();
    const stored = `insert into auth.phone_number (tenant_id, pk, user_pk, phone, verified)
      values ($1, gen_random_uuid(), $2, $3, true)`;
    await house.sql(stored, [house.tenant, pk, phone]);
    made.push(phone);
  }
  return made;
}

const messagesTo = (all: readonly string[]) => phones.messages.filter(({ to }) => all.includes(to)).length;

/** Messages that were asked for before one to somebody else, who is not limited, have arrived with it. */
async function arrived({ path, body }: Way, all: readonly string[], most: number): Promise<number> {
  await vi.waitUntil(() => messagesTo(all) >= most, { timeout: 20_000 });
  const [next = ''] = await numbers(1);
  await house.forgetRates();
  await send(path, body(next), '203.0.113.250');
  await vi.waitUntil(() => messagesTo([next]) === 1, { timeout: 20_000 });
  return messagesTo(all);
}

describe.each(WAYS)('$what', (way) => {
  const { settings, path, body, perReader, perClient } = way;

  it('lets no phone ring again and again, however many clients do it', async () => {
    await house.set(settings);
    const [phone = ''] = await numbers(1);
    await Promise.all(Array.from({ length: MANY }, (_, index) => send(path, body(phone), `198.51.100.${index + 1}`)));
    expect(await arrived(way, [phone], perReader)).toBe(perReader);
  });

  it('lets not many phones ring from one network', async () => {
    await house.set(settings);
    const all = await numbers(MANY);
    await Promise.all(all.map((phone, index) => send(path, body(phone), `2001:db8:0:2::${index + 1}`)));
    expect(await arrived(way, all, perClient)).toBe(perClient);
  });
});
