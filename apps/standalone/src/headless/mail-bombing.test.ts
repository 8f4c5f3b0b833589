import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { headlessHouse } from './headless-house.fixture.ts';

// Clients say where they are as a proxy in front would.
const house = await headlessHouse({ POSTERN_TRUSTED_PROXIES: '127.0.0.1' });
const PASSWORD = 'a long walk in the hills';
const MANY = 30;

beforeEach(async () => {
  await house.reset();
  await house.forgetRates();
});

/** Somebody who may get mails. */
type Reader = { readonly username: string; readonly email: string; readonly password: string };
type Settings = Parameters<typeof house.set>[0];

/** A way in which anybody has a mail sent to an address that somebody else reads. */
type Way = {
  readonly settings: Settings;
  readonly path: string;
  readonly body: (reader: Reader) => object;
  /** Mails that one reader gets when everybody asks at once, each from a network of their own. */
  readonly perReader: number;
  /** Mails to readers apart that one client has sent. */
  readonly perClient: number;
  /** Whether they have shown that they read their address. */
  readonly isVerified?: boolean;
};

const APP = '/_allauth/app/v1';
const open = { signup_open: true, email_verification: 'mandatory' } as const;
const newcomer = ({ email }: Reader) => ({ username: `n-${randomUUID().slice(0, 12)}`, email, password: PASSWORD });
const twice = (reader: Reader) => ({ ...newcomer(reader), password1: PASSWORD, password2: PASSWORD });
const address = ({ email }: Reader) => ({ email });

const WAYS: Readonly<Record<string, Way>> = {
  'signing up with their address': {
    settings: open,
    path: `${APP}/auth/signup`,
    body: newcomer,
    perReader: 1,
    perClient: 20,
  },
  'signing up with their address where codes are sent': {
    settings: { ...open, email_verification_by_code_enabled: true },
    path: `${APP}/auth/signup`,
    body: newcomer,
    perReader: 1,
    perClient: 20,
  },
  'signing up with their verified address by the REST auth API': {
    settings: open,
    path: '/api/auth/registration/',
    body: twice,
    perReader: 1,
    perClient: 20,
    isVerified: true,
  },
  'asking for the mail of a sign-up again': {
    settings: {},
    path: '/api/auth/registration/resend-email/',
    body: address,
    perReader: 1,
    perClient: 20,
  },
  'forgetting their password': {
    settings: {},
    path: `${APP}/auth/password/request`,
    body: address,
    perReader: 5,
    perClient: 20,
  },
  'forgetting their password by the REST auth API': {
    settings: {},
    path: '/api/auth/password/reset/',
    body: address,
    perReader: 5,
    perClient: 20,
  },
  'asking for a code': {
    settings: { login_by_code_enabled: true },
    path: `${APP}/auth/code/request`,
    body: address,
    perReader: 3,
    perClient: 20,
  },
  'signing in where a code is wanted besides': {
    settings: { login_by_code_required: ['password'] },
    path: `${APP}/auth/login`,
    body: ({ username, password }) => ({ username, password }),
    perReader: 3,
    perClient: 20,
  },
};

const send = (path: string, body: object, client: string) =>
  fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': client },
    body: JSON.stringify(body),
  });

async function readers(many: number, isVerified = false): Promise<readonly Reader[]> {
  const made = await Promise.all(Array.from({ length: many }, () => house.person()));
  if (isVerified) await house.sql('update directory.email_address set verified = true');
  return made;
}

const mailsTo = (all: readonly Reader[]) =>
  house.sink.mails.filter(({ to }) => all.some(({ email }) => to.includes(email))).length;

/** Mails that were asked for before one to somebody else, who is not limited, have arrived with it. */
async function arrived({ path, body, isVerified = false }: Way, all: readonly Reader[], most: number): Promise<number> {
  await vi.waitUntil(() => mailsTo(all) >= most, { timeout: 20_000 });
  const [last] = await readers(1, isVerified);
  await house.forgetRates();
  if (last === undefined) throw new Error('nobody');
  await send(path, body(last), '203.0.113.250');
  await vi.waitUntil(() => mailsTo([last]) === 1, { timeout: 20_000 });
  return mailsTo(all);
}

describe.each(Object.entries(WAYS))('%s', (_what, way) => {
  it('fills nobody’s mailbox, however many clients do it', async () => {
    await house.set(way.settings);
    const [reader] = await readers(1, way.isVerified);
    if (reader === undefined) throw new Error('nobody');
    await Promise.all(
      Array.from({ length: MANY }, (_, index) => send(way.path, way.body(reader), `198.51.100.${index + 1}`)),
    );
    expect(await arrived(way, [reader], way.perReader)).toBe(way.perReader);
  });

  it.each([
    ['one address', () => '203.0.113.7'],
    ['one network of IPv6', (index: number) => `2001:db8:0:1::${index + 1}`],
  ])('fills not many mailboxes from %s', async (_from, client) => {
    await house.set(way.settings);
    const all = await readers(MANY, way.isVerified);
    // A few at a time: that a limit holds for many at once is told by the attacks.
    for (let from = 0; from < all.length; from += 5) {
      const some = all.slice(from, from + 5);
      await Promise.all(some.map((reader, index) => send(way.path, way.body(reader), client(from + index))));
    }
    expect(await arrived(way, all, way.perClient)).toBe(way.perClient);
  });
});
