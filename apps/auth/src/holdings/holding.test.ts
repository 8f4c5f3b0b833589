import { randomUUID } from 'node:crypto';
import { DEFAULT_TENANT } from '@postern/database';
import { auth, events } from '@postern/proto';
import { aTenant } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { anAuth, refusal } from '../testing/auth.fixture.ts';
import { factsOf } from '../testing/directory.fixture.ts';

const house = await anAuth();
const { people, sql, tokens } = house;
const PASSWORD = 'correct horse battery staple';
const asService = house.asService(DEFAULT_TENANT);
const since = new Date(0).toISOString();

/** Somebody with one of everything, signed in. */
async function aHolder(username: string) {
  const person = people.add(DEFAULT_TENANT, username);
  await house.credentials.setUserPassword({ user: factsOf(person), password: PASSWORD }, asService);
  const browser = house.browser(DEFAULT_TENANT);
  await browser.signIn(username, PASSWORD);
  const call = house.asUser(DEFAULT_TENANT, person);
  for (const intent of ['api', 'app_password'])
    await tokens.createToken({ token: { identifier: `${username}-${intent}`, intent, user: person.pk } }, call);
  await sql(`insert into user_consent (tenant_id, user_pk, application, permissions) values ($1, $2, $3, 'openid')`, [
    DEFAULT_TENANT,
    person.pk,
    randomUUID(),
  ]);
  await sql(`insert into device (tenant_id, user_pk, class, name, secret) values ($1, $2, 'totp', 'phone', '')`, [
    DEFAULT_TENANT,
    person.pk,
  ]);
  return { person, browser, call };
}

const rowsOf = async (user: number) => {
  const tables = ['session', 'password', 'token', 'device', 'user_consent'];
  const counts = tables.map((table) => `(select count(*)::int from ${table} where user_pk = $1)`);
  const [row] = await sql<{ rows: number[] }>(`select array[${counts.join(', ')}] as rows`, [user]);
  return row?.rows;
};

describe('ending what a user holds', () => {
  it('is asked by services alone, and reaches into no other tenant', async () => {
    const { person } = await aHolder('ada');
    const boss = people.add(DEFAULT_TENANT, 'boss', { superuser: true });
    const request = { user: person.pk, since };
    await refusal(house.holdings.endHoldings(request, house.asUser(DEFAULT_TENANT, boss)), {
      code: 'PERMISSION_DENIED',
    });
    expect(await house.holdings.endHoldings(request, house.asService(aTenant().tenant))).toEqual({ ended: [] });
    expect(await rowsOf(person.pk)).toEqual([1, 1, 2, 1, 1]);
  });

  it('ends all of it, tells of each, leaves everybody else alone, and does nothing the second time', async () => {
    const [leaver, other] = [await aHolder('leaver'), await aHolder('other')];
    const key = (await leaver.browser.resolve()).session ?? '';
    const { ended } = await house.holdings.endHoldings({ user: leaver.person.pk, since }, asService);
    expect(Object.fromEntries(ended.map(({ kind, count }) => [kind, count]))).toEqual({
      passwords: 1,
      tokens: 1,
      app_passwords: 1,
      devices: 1,
      consents: 1,
    });
    expect(await rowsOf(leaver.person.pk)).toEqual([0, 0, 0, 0, 0]);
    expect(await rowsOf(other.person.pk)).toEqual([1, 1, 2, 1, 1]);
    await expect.poll(() => house.endedSessions(key)).toHaveLength(1);
    for (const noun of ['token', 'device', 'consent'])
      expect(await house.published(DEFAULT_TENANT, `auth.v1.${noun}.deleted`, events.ModelChanged)).not.toEqual([]);
    const revoked = await house.published(DEFAULT_TENANT, 'auth.v1.consent.revoked', auth.ConsentRevoked);
    expect(revoked.map(({ payload }) => payload.user)).toEqual([leaver.person.pk]);
    expect(await house.holdings.endHoldings({ user: leaver.person.pk, since }, asService)).toEqual({ ended: [] });
  });
});
