import { directory } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { servedDirectory } from '../testing/served-directory.fixture.ts';

const { as, db, emailAddresses: addresses, facts, service, sql, subjects, tenant, users } = await servedDirectory();

async function add(of: string, email = '', username = 'ada'): Promise<number> {
  const user = directory.User.fromPartial({ username, email, path: 'users', type: 'internal', is_active: true });
  return (await users.createUser({ user }, as(of))).pk;
}

const listed = async (of: string, user: number) =>
  (await addresses.listEmailAddresses({ user }, service(of))).addresses.map(
    ({ email, verified, primary }) => `${email}${verified ? ' verified' : ''}${primary ? ' primary' : ''}`,
  );

describe('addresses of a user', () => {
  it('are no business of people, nor of another tenant', async () => {
    const of = tenant();
    const user = await add(of, 'ada@example.com');
    await expect(addresses.listEmailAddresses({ user }, as(of))).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
    const elsewhere = service(tenant());
    for (const ask of [addresses.verifyEmailAddress, addresses.removeEmailAddress, addresses.setPrimaryEmailAddress])
      await expect(ask({ user, email: 'ada@example.com' }, elsewhere)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    expect(await addresses.findByVerifiedEmailAddress({ email: 'ada@example.com' }, elsewhere)).toEqual({
      user: undefined,
    });
  });

  it('are refused where they make no sense', async () => {
    const of = tenant();
    const user = await add(of, 'ada@example.com');
    const call = service(of);
    const refused = (asked: Promise<unknown>, reason: string) => expect(asked).rejects.toMatchObject({ reason });
    await refused(addresses.addEmailAddress({ user, email: 'no address' }, call), 'INVALID_FIELDS');
    await refused(addresses.addEmailAddress({ user, email: 'ADA@example.com' }, call), 'EMAIL_ADDRESS_KNOWN');
    await addresses.addEmailAddress({ user, email: 'second@example.com' }, call);
    await refused(addresses.removeEmailAddress({ user, email: 'ada@example.com' }, call), 'EMAIL_ADDRESS_PRIMARY');
    await refused(addresses.removeEmailAddress({ user, email: 'third@example.com' }, call), 'EMAIL_ADDRESS_UNKNOWN');
    await addresses.verifyEmailAddress({ user, email: 'ada@example.com' }, call);
    await refused(
      addresses.setPrimaryEmailAddress({ user, email: 'second@example.com' }, call),
      'EMAIL_ADDRESS_UNVERIFIED',
    );
    for (let n = 2; n < 50; n++) await addresses.addEmailAddress({ user, email: `${n}@example.com` }, call);
    await refused(addresses.addEmailAddress({ user, email: 'last@example.com' }, call), 'EMAIL_ADDRESSES_FULL');
  });

  it('stay where it is said of the user that they may not change theirs', async () => {
    const of = tenant();
    const call = service(of);
    const user = await add(of, 'ada@example.com');
    await addresses.addEmailAddress({ user, email: 'second@example.com' }, call);
    const say = (attributes: Record<string, unknown>) =>
      users.updateUser({ id: user, user: { attributes }, update_mask: ['attributes'] }, as(of));
    await say({ 'goauthentik.io/user/can-change-email': false });
    const fixed = { reason: 'EMAIL_ADDRESS_FIXED' };
    const second = { user, email: 'second@example.com' };
    await expect(addresses.addEmailAddress({ user, email: 'third@example.com' }, call)).rejects.toMatchObject(fixed);
    await expect(addresses.setPrimaryEmailAddress(second, call)).rejects.toMatchObject(fixed);
    const primary = { user, email: 'ada@example.com', succeeded: true };
    await expect(addresses.removeEmailAddress(primary, call)).rejects.toMatchObject(fixed);
    await addresses.removeEmailAddress(second, call);
    expect(await listed(of, user)).toEqual(['ada@example.com primary']);
    await say({ 'goauthentik.io/user/can-change-email': true });
    await addresses.addEmailAddress({ user, email: 'third@example.com' }, call);
  });

  it('belong to one user of the tenant once they are verified, however they are cased, and to many before', async () => {
    const of = tenant();
    const call = service(of);
    const [ada, eve] = [await add(of, 'Shared@example.com'), await add(of, 'shared@example.com', 'eve')];
    expect(await addresses.findByVerifiedEmailAddress({ email: 'shared@example.com' }, call)).toEqual({
      user: undefined,
    });
    await addresses.verifyEmailAddress({ user: ada, email: 'shared@EXAMPLE.com' }, call);
    const taken = { reason: 'EMAIL_ADDRESS_TAKEN' };
    await expect(addresses.verifyEmailAddress({ user: eve, email: 'shared@example.com' }, call)).rejects.toMatchObject(
      taken,
    );
    const third = await add(of, '', 'third');
    const verified = { user: third, email: 'SHARED@example.com', verified: true };
    await expect(addresses.addEmailAddress(verified, call)).rejects.toMatchObject(taken);
    const { user } = await addresses.findByVerifiedEmailAddress({ email: 'SHARED@example.com' }, call);
    expect(user?.pk).toBe(ada);
    const other = tenant();
    const namesake = await add(other, 'shared@example.com');
    await addresses.verifyEmailAddress({ user: namesake, email: 'shared@example.com' }, service(other));
  });

  it('have one primary, which is what `email` of the user says, from whichever side it is changed', async () => {
    const of = tenant();
    const call = service(of);
    const user = await add(of);
    expect(await listed(of, user)).toEqual([]);
    await addresses.addEmailAddress({ user, email: 'First@example.com' }, call);
    await addresses.addEmailAddress({ user, email: 'second@example.com', verified: true }, call);
    expect(await listed(of, user)).toEqual(['First@example.com primary', 'second@example.com verified']);
    await addresses.setPrimaryEmailAddress({ user, email: 'SECOND@example.com' }, call);
    expect((await users.getUser({ id: user }, as(of))).email).toBe('second@example.com');
    expect(await listed(of, user)).toEqual(['First@example.com', 'second@example.com verified primary']);

    const patch = (email: string) =>
      users.updateUser({ id: user, user: directory.User.fromPartial({ email }), update_mask: ['email'] }, as(of));
    await patch('first@example.com');
    expect(await listed(of, user)).toEqual(['first@example.com primary', 'second@example.com verified']);
    await patch('new@example.com');
    expect(await listed(of, user)).toEqual(['second@example.com verified', 'new@example.com primary']);
    await patch('');
    expect(await listed(of, user)).toEqual(['second@example.com verified']);
    await addresses.removeEmailAddress({ user, email: 'second@example.com' }, call);
    expect(await listed(of, user)).toEqual([]);
    await addresses.addEmailAddress({ user, email: 'last@example.com' }, call);
    await addresses.removeEmailAddress({ user, email: 'last@example.com' }, call);
    expect((await users.getUser({ id: user }, as(of))).email).toBe('');
  });

  it('are told of, with what `email` says where that is another, and only when something is different', async () => {
    const of = tenant();
    const call = service(of);
    const user = await add(of, 'ada@example.com');
    await addresses.addEmailAddress({ user, email: 'second@example.com' }, call);
    await addresses.verifyEmailAddress({ user, email: 'second@example.com' }, call);
    await addresses.verifyEmailAddress({ user, email: 'second@example.com' }, call);
    await addresses.setPrimaryEmailAddress({ user, email: 'second@example.com' }, call);
    const changed = 'directory.v1.user.email_addresses_changed';
    expect(await subjects(of)).toEqual([
      'directory.v1.user.created',
      changed,
      changed,
      'directory.v1.user.updated',
      changed,
    ]);
    const { payload } = (await facts(of)).at(-1) ?? {};
    expect(directory.EmailAddressesChanged.decode(payload ?? new Uint8Array())).toMatchObject({
      user: { pk: user, email: 'second@example.com' },
      addresses: [
        { email: 'ada@example.com', verified: false, primary: false },
        { email: 'second@example.com', verified: true, primary: true },
      ],
    });
  });

  it('go with the user, and follow many users that are written at once', async () => {
    const of = tenant();
    const user = await add(of, 'ada@example.com');
    await users.deleteUser({ id: user }, as(of));
    expect(await sql('select 1 from email_address where user_pk = $1', [user])).toEqual([]);
    const many = `insert into user_account (uuid, username, email)
      select gen_random_uuid(), 'u' || n, case when n % 2 = 0 then 'u' || n || '@example.com' else '' end from generate_series(1, 10) n`;
    await db.write({ tenant: of }, (em) => em.execute(many));
    const rows = await sql<{ n: number }>(
      'select count(*)::int as n from email_address where tenant_id = $1 and is_primary',
      [of],
    );
    expect(rows[0]?.n).toBe(5);
  });
});
