import { randomUUID } from 'node:crypto';
import { migrationsOf } from '@postern/service';
import { aTenant, testDatabase } from '@postern/testkit';
import { expect, it } from 'vitest';
import { auth } from '../index.ts';
import { createSigningKeys, type SigningKeys } from './signing.keys.ts';
import { readToken, type TokenClaims, writeToken } from './token.codec.ts';

const { entities } = auth.database;
const { db, sql } = await testDatabase({ schema: 'auth', entities, migrations: migrationsOf(auth) });
const { tenant } = aTenant();

it('are made once for a tenant, however many replicas ask at once, and are kept sealed', async () => {
  const replicas = [createSigningKeys(db), createSigningKeys(db), createSigningKeys(db)];
  const found = await Promise.all(replicas.map((replica) => replica.of(tenant)));
  expect(new Set(found.map(({ kid }) => kid)).size).toBe(1);
  expect(new Set(found.map(({ secret }) => secret.toString('hex'))).size).toBe(1);
  const elsewhere = await replicas[0]?.of(aTenant().tenant);
  expect(elsewhere?.kid).not.toBe(found[0]?.kid);
  expect(JSON.stringify(await sql('select keys from headless_key'))).not.toContain('PRIVATE KEY');
});

it('refuse what was signed by others, by another algorithm, for something else, or has ended', async () => {
  const keys = await createSigningKeys(db).of(tenant);
  const now = new Date('2026-11-22T09:00:00Z');
  const iat = now.getTime() / 1000;
  const session = Buffer.alloc(32, 7).toString('base64url');
  const claims: TokenClaims = { iat, exp: iat + 60, session, jti: randomUUID(), use: 'access', user: 7 };
  const token = await writeToken(keys, 'RS256', claims);
  const read = (given: string, by: SigningKeys = keys, at = now, algorithm: 'RS256' | 'HS256' = 'RS256') =>
    readToken(by, algorithm, given, { use: 'access', now: at });
  const others = await createSigningKeys(db).of(aTenant().tenant);
  expect(await read(token, others)).toBeUndefined();
  expect(await read(token, keys, now, 'HS256')).toBeUndefined();
  expect(await read(await writeToken(keys, 'HS256', claims))).toBeUndefined();
  expect(await read(await writeToken(keys, 'RS256', { ...claims, use: 'refresh' }))).toBeUndefined();
  expect(await read(token, keys, new Date(now.getTime() + 60_000))).toBeUndefined();
  expect(await read(`${token}x`.slice(0, -2))).toBeUndefined();
  expect(await read('x'.repeat(100_000))).toBeUndefined();
  expect(await read(token)).toEqual(claims);
});
