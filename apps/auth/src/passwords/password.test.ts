import { createOutbox, messagingTables } from '@postern/messaging';
import { createMetrics } from '@postern/observability';
import { testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { ACCOUNT_MIGRATIONS, Account, accountsIn } from '../accounts/index.ts';
import { FLOW_MIGRATIONS } from '../flows/index.ts';
import { createLockout, LOCKOUT_MIGRATIONS } from '../lockout/index.ts';
import { createPasswordHasher, createPasswords, PASSWORD_MIGRATIONS, passwordErrors, passwordsIn } from './index.ts';

const migrations = [
  { name: 'auth/0001', up: messagingTables('auth') },
  ...FLOW_MIGRATIONS,
  ...ACCOUNT_MIGRATIONS,
  ...PASSWORD_MIGRATIONS,
  ...LOCKOUT_MIGRATIONS,
];
const { db, sql } = await testDatabase({ schema: 'auth', entities: [Account], migrations });
const tenant = '0197c0de-0000-7000-8000-000000000001';
const OTHER = '0197c0de-0000-7000-8000-000000000002';
const INBUILT = ['authentik.core.auth.InbuiltBackend'];
const OLD = 'pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY=';

const seen = { hashes: 0 };
const full = { is: false };
const hasher = createPasswordHasher({
  queue: {
    run: async (task) => {
      if (full.is) throw passwordErrors.SIGN_IN_OVERLOADED();
      seen.hashes += 1;
      return task();
    },
  },
});
const APP_PASSWORD = 'a secret that no person would ever come upon, of ';
const waits: string[] = [];
const LIMITS = { user: 5, address: 1000, device: 5, window: 60_000 };
const attempts = createLockout({
  database: db,
  settings: {
    password: LIMITS,
    code: LIMITS,
    message: LIMITS,
    recovery: LIMITS,
    userCode: LIMITS,
    deviceRequest: LIMITS,
    ipv4Prefix: 24,
    ipv6Prefix: 64,
    exempt: [],
    deviceLife: 1000,
  },
  secrets: ['a secret of this test'],
  clock: { now: () => new Date() },
  metrics: createMetrics(),
}).attempts;
const FROM = { name: 'somebody', client: { address: '203.0.113.9' } };
const passwords = createPasswords({
  attempts,
  usualTime: { measure: (work) => work(), wait: async () => void waits.push('waited') },
  database: db,
  outbox: createOutbox({ schema: 'auth' }),
  hasher,
  findAppPassword: async (_em, user, secret) => (secret === `${APP_PASSWORD}${user}` ? { name: 'backup' } : undefined),
  endSessions: async () => undefined,
});

let last = 0;
async function anAccount(hash?: string, isActive = true) {
  last += 1;
  const facts = { pk: last, uuid: crypto.randomUUID(), username: `user${last}`, name: '', email: '', type: 'internal' };
  await db.write({ tenant }, async (em) => {
    await accountsIn(em).keep({ ...facts, is_active: isActive });
    if (hash !== undefined) await passwordsIn(em).store(facts.pk, hash, { firstOnly: false });
  });
  return { ...facts, isActive };
}

it('does the same work for a wrong password, an unknown name, an inactive account and one without a password', async () => {
  const hash = await hasher.hash('secret');
  const known = await anAccount(hash);
  const cases = [known, undefined, await anAccount(hash, false), await anAccount()];
  // The decoy is made once.
  await passwords.verify(tenant, undefined, 'x', INBUILT, FROM);
  for (const account of cases) {
    const before = seen.hashes;
    expect(await passwords.verify(tenant, account, 'a guess', INBUILT, FROM)).toBeUndefined();
    expect(seen.hashes - before).toBe(1);
  }
  const [, , inactive] = cases;
  expect(await passwords.verify(tenant, inactive, 'secret', INBUILT, FROM)).toBeUndefined();
  expect(await passwords.verify(tenant, known, 'secret', [], FROM)).toBeUndefined();
  expect(await passwords.verify(OTHER, known, 'secret', INBUILT, FROM)).toBeUndefined();
  expect(await passwords.verify(tenant, known, 'secret', INBUILT, FROM)).toMatchObject({ method: 'password' });
});

it('makes an old hash anew at sign-in, and leaves it after a wrong password', async () => {
  const account = await anAccount(OLD);
  const stored = async () =>
    (await sql<{ hash: string }>('select hash from password where user_pk = $1', [account.pk]))[0];
  await passwords.verify(tenant, account, 'wrong', INBUILT, FROM);
  expect((await stored())?.hash).toBe(OLD);
  expect(await passwords.verify(tenant, account, 'lètmein', INBUILT, FROM)).toBeDefined();
  expect((await stored())?.hash).toMatch(/^\$argon2id\$/);
  expect(await passwords.verify(tenant, account, 'lètmein', INBUILT, FROM)).toBeDefined();
});

it('sets a first password once, however many set it at the same time', async () => {
  const { pk } = await anAccount();
  const set = () => db.write({ tenant }, (em) => passwords.set(em, pk, 'hash', { firstOnly: true }));
  const results = await Promise.all(Array.from({ length: 8 }, set));
  expect(results.filter(Boolean)).toHaveLength(1);
});

it('sets no password for somebody who is not there', async () => {
  expect(await db.write({ tenant }, (em) => passwords.set(em, 999_999, 'hash', { firstOnly: false }))).toBe(false);
});

it('takes a password away, and tells of it without the hash', async () => {
  const account = await anAccount(await hasher.hash('secret'));
  await db.write({ tenant }, (em) => passwords.change(em, { ...account, is_active: true }, undefined, {}, { tenant }));
  expect(await passwords.verify(tenant, account, 'secret', INBUILT, FROM)).toBeUndefined();
  const rows = await sql<{ subject: string; text: string }>(
    "select subject, encode(envelope, 'escape') as text from outbox order by seq desc limit 1",
  );
  expect(rows[0]?.subject).toBe('auth.v1.password.set');
  expect(rows[0]?.text).not.toContain('argon2');
});

it('hashes exactly as many of 60 parallel guesses as an account has left, and answers the others after as long', async () => {
  const account = await anAccount(await hasher.hash('secret'));
  const before = { hashes: seen.hashes, waits: waits.length };
  const guesses = Array.from({ length: 60 }, () => passwords.verify(tenant, account, 'a guess', INBUILT, FROM));
  expect(await Promise.all(guesses)).toEqual(guesses.map(() => undefined));
  expect(seen.hashes - before.hashes).toBe(LIMITS.user);
  expect(waits.length - before.waits).toBe(60 - LIMITS.user);
  expect(await passwords.verify(tenant, account, 'secret', INBUILT, FROM)).toBeUndefined();
});

it('counts no password that was right', async () => {
  const account = await anAccount(await hasher.hash('secret'));
  for (let round = 0; round <= LIMITS.user; round += 1)
    expect(await passwords.prove(tenant, account, 'secret', INBUILT, FROM)).toBeDefined();
});

it('lets a machine in by its app password while strangers try the account, and by nothing shorter', async () => {
  const account = await anAccount(await hasher.hash('secret'));
  const backends = ['authentik.core.auth.TokenBackend'];
  for (let round = 0; round < LIMITS.user; round += 1)
    await passwords.verify(tenant, account, 'a guess', INBUILT, FROM);
  expect(await passwords.verify(tenant, account, `${APP_PASSWORD}${account.pk}`, INBUILT, FROM)).toBeUndefined();
  const proof = await passwords.verify(tenant, account, `${APP_PASSWORD}${account.pk}`, backends, FROM);
  expect(proof).toMatchObject({ method: 'token', args: { token: { name: 'backup' } } });
});

it('counts no password that was not looked at because too many wait', async () => {
  const account = await anAccount(await hasher.hash('secret'));
  full.is = true;
  for (let round = 0; round <= LIMITS.user; round += 1)
    await expect(passwords.verify(tenant, account, 'secret', INBUILT, FROM)).rejects.toMatchObject({
      reason: 'SIGN_IN_OVERLOADED',
    });
  full.is = false;
  expect(await passwords.verify(tenant, account, 'secret', INBUILT, FROM)).toBeDefined();
});
