import { aTenant, TEST_SECRET, testDatabase } from '@postern/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import {
  connectDatabase,
  createSecretBox,
  defineEntity,
  enableTenancy,
  p,
  reseal,
  secret,
  TENANT_COLUMNS,
  tenantTable,
} from './index.ts';

const Client = defineEntity({
  name: 'Client',
  properties: {
    ...tenantTable(),
    name: p.text(),
    password: secret('client.password'),
    key: secret('client.key').nullable(),
  },
});
const create = `create table client (${TENANT_COLUMNS}, name text not null, password text not null, key text)`;
const migrations = [{ name: 'clients/0001', up: [create, ...enableTenancy('client')] }];
const options = { schema: 'clients', entities: [Client], migrations };
const { db, url, sql } = await testDatabase(options);
const scope = aTenant();
await db.write(scope, async (em) => {
  em.create(Client, { name: 'one', password: 'hunter2 ü' });
});

describe('a secret column', () => {
  it('is unreadable in the table and plain in the entity', async () => {
    const [row] = await sql<{ password: string; key: null }>('select password, key from client');
    expect(row?.password).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
    expect(row?.key).toBeNull();
    const one = await db.read(scope, (em) => em.findOneOrFail(Client, { name: 'one' }));
    expect(one).toMatchObject({ password: 'hunter2 ü', key: null });
    expect(JSON.stringify(one)).not.toContain('hunter2');
  });

  it('is not written again when nothing changed', async () => {
    const before = await sql('select password from client');
    await db.write(scope, async (em) => {
      const one = await em.findOneOrFail(Client, { name: 'one' });
      one.password = 'hunter2 ü';
    });
    expect(await sql('select password from client')).toEqual(before);
  });

  it('is written when it changed', async () => {
    await db.write(scope, async (em) => {
      const one = await em.findOneOrFail(Client, { name: 'one' });
      one.key = 'new';
    });
    expect(await db.read(scope, (em) => em.findOneOrFail(Client, { name: 'one' }))).toMatchObject({ key: 'new' });
  });

  it('survives the rotation of the secret, and drops the old one for what is written anew', async () => {
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const rotated = await connectDatabase({ ...options, url, log, secretKey: ['a new secret', TEST_SECRET] });
    afterAll(() => rotated.close());
    const changed = await rotated.write(scope, (em) => reseal(em, Client, rotated.secrets));
    expect(changed).toBe(1);
    expect(await rotated.write(scope, (em) => reseal(em, Client, rotated.secrets))).toBe(0);
    const one = await rotated.read(scope, (em) => em.findOneOrFail(Client, { name: 'one' }));
    expect(one).toMatchObject({ password: 'hunter2 ü', key: 'new' });
    await expect(db.read(scope, (em) => em.findOneOrFail(Client, { name: 'one' }))).rejects.toThrow(
      'no key opens a value of client.password',
    );
  });
});

describe('a sealed value', () => {
  const box = createSecretBox(['secret']);

  it('does not open in another column, changed, cut short, or with another key', () => {
    const sealed = box.seal('plain', 'a.b');
    expect(() => box.open(sealed, 'a.c')).toThrow();
    expect(() => box.open(`${sealed.slice(0, -4)}AAAA`, 'a.b')).toThrow();
    expect(() => box.open(sealed.slice(0, 20), 'a.b')).toThrow('cut short');
    expect(() => box.open('plain', 'a.b')).toThrow('no key opens');
    expect(() => createSecretBox(['other']).open(sealed, 'a.b')).toThrow('no key opens');
    expect(box.open(sealed, 'a.b')).toBe('plain');
  });

  it('differs each time', () => {
    expect(box.seal('plain', 'a.b')).not.toBe(box.seal('plain', 'a.b'));
  });

  it('needs a secret', () => {
    expect(() => createSecretBox([])).toThrow('needs a secret');
  });
});
