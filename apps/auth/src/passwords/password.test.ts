import { createOutbox, messagingTables } from '@postern/messaging';
import { testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { ACCOUNT_MIGRATIONS, Account, accountsIn } from '../accounts/index.ts';
import { FLOW_MIGRATIONS } from '../flows/index.ts';
import { createPasswordHasher, createPasswords, PASSWORD_MIGRATIONS, passwordsIn } from './index.ts';

const migrations = [
  { name: 'auth/0001', up: messagingTables('auth') },
  ...FLOW_MIGRATIONS,
  ...ACCOUNT_MIGRATIONS,
  ...PASSWORD_MIGRATIONS,
];
const { db, sql } = await testDatabase({ schema: 'auth', entities: [Account], migrations });
const tenant = '0197c0de-0000-7000-8000-000000000001';
const OTHER = '0197c0de-0000-7000-8000-000000000002';
const INBUILT = ['authentik.core.auth.InbuiltBackend'];
const OLD = 'pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY=';

const seen = { hashes: 0 };
const hasher = createPasswordHasher({
  queue: {
    run: (task) => {
      seen.hashes += 1;
      return task();
    },
  },
});
const passwords = createPasswords({
  database: db,
  outbox: createOutbox({ schema: 'auth' }),
  hasher,
  findAppPassword: async () => undefined,
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
  await passwords.verify(tenant, undefined, 'x', INBUILT);
  for (const account of cases) {
    const before = seen.hashes;
    expect(await passwords.verify(tenant, account, 'a guess', INBUILT)).toBeUndefined();
    expect(seen.hashes - before).toBe(1);
  }
  const [, , inactive] = cases;
  expect(await passwords.verify(tenant, inactive, 'secret', INBUILT)).toBeUndefined();
  expect(await passwords.verify(tenant, known, 'secret', [])).toBeUndefined();
  expect(await passwords.verify(OTHER, known, 'secret', INBUILT)).toBeUndefined();
  expect(await passwords.verify(tenant, known, 'secret', INBUILT)).toMatchObject({ method: 'password' });
});

it('makes an old hash anew at sign-in, and leaves it after a wrong password', async () => {
  const account = await anAccount(OLD);
  const stored = async () =>
    (await sql<{ hash: string }>('select hash from password where user_pk = $1', [account.pk]))[0];
  await passwords.verify(tenant, account, 'wrong', INBUILT);
  expect((await stored())?.hash).toBe(OLD);
  expect(await passwords.verify(tenant, account, 'lètmein', INBUILT)).toBeDefined();
  expect((await stored())?.hash).toMatch(/^\$argon2id\$/);
  expect(await passwords.verify(tenant, account, 'lètmein', INBUILT)).toBeDefined();
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
  expect(await passwords.verify(tenant, account, 'secret', INBUILT)).toBeUndefined();
  const rows = await sql<{ subject: string; text: string }>(
    "select subject, encode(envelope, 'escape') as text from outbox order by seq desc limit 1",
  );
  expect(rows[0]?.subject).toBe('auth.v1.password.set');
  expect(rows[0]?.text).not.toContain('argon2');
});
