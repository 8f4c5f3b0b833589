/** Tokens that are stored together. */

import { expect, it } from 'vitest';
import { aProtocol, aUser } from '../protocol.fixture.ts';
import { hashOf } from './secret.hash.ts';

const protocol = await aProtocol();
const { exchange, aCode, redeem, refresh, world, sql, endpoint, origin } = protocol;
for (const name of ['web', 'other', 'leaving']) {
  await protocol.client(name);
  world.accounts.set(`ak-${name}-client_credentials`, 30);
}
world.people.set(30, aUser(30, 'a program'));

const asItself = (client: string) =>
  exchange({ grant_type: 'client_credentials', client_id: client, client_secret: `${client} secret` });

/** Tokens with refresh tokens, one after the other. */
async function families(count: number) {
  const all: { refresh_token?: string }[] = [];
  while (all.length < count) all.push(await redeem('web', (await aCode('web')).code));
  return all.map(({ refresh_token = '' }) => refresh_token);
}

it('gives everybody of a moment their own tokens, in one transaction', async () => {
  await asItself('web');
  const answers = await Promise.all(Array.from({ length: 20 }, () => asItself('web')));
  const hashes = answers.map(({ access_token }) => hashOf(access_token));
  expect(new Set(hashes).size).toBe(20);
  const rows = await sql<{ transactions: string }>(
    'select count(distinct xmin::text)::text as transactions from oauth2_access_token where hash = any ($1)',
    [hashes],
  );
  expect(Number(rows[0]?.transactions)).toBeLessThan(10);
});

it('turns every refresh token of a moment into a new one of its own family', async () => {
  const before = await families(8);
  const after = await Promise.all(before.map((token) => refresh('web', token)));
  const own = await Promise.all(before.map(grantOf));
  expect(await Promise.all(after.map(({ refresh_token = '' }) => grantOf(refresh_token)))).toEqual(own);
});

it('tells of each that got tokens once, and of none that did not', async () => {
  const [token = ''] = await families(1);
  const told = async () => (await protocol.facts('providers.v1.oauth2_token.refreshed')).length;
  const before = await told();
  await Promise.allSettled(Array.from({ length: 5 }, () => refresh('web', token)));
  expect(await told()).toBe(before + 1);
});

it('fails for the one that cannot be stored, and for nobody beside it', async () => {
  await Promise.all(['web', 'other', 'leaving'].map(asItself));
  // The client is still remembered; what its tokens would hang on is gone.
  await sql("delete from provider where client_id = 'leaving'");
  const outcomes = await Promise.allSettled(['web', 'leaving', 'other', 'web'].map(asItself));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});

it('never stores something of two tenants together', async () => {
  const [mine, theirs] = [await asItself('web'), protocol.tenant];
  const where = { ...origin({ in: crypto.randomUUID() }) };
  const foreign = { grant_type: 'client_credentials', client_id: 'web', client_secret: 'web secret' };
  const outcomes = await Promise.allSettled([asItself('web'), endpoint.exchangeToken(foreign, where)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  const rows = await sql('select distinct tenant_id from oauth2_access_token where hash = $1', [
    hashOf(mine.access_token),
  ]);
  expect(rows).toEqual([{ tenant_id: theirs }]);
});

async function grantOf(refreshToken: string): Promise<unknown> {
  const rows = await sql<{ grant_pk: string }>('select grant_pk from oauth2_refresh_token where hash = $1', [
    hashOf(refreshToken),
  ]);
  return rows[0]?.grant_pk;
}
