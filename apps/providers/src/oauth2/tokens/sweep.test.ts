import { expect, it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { createSweep } from './sweep.ts';

const protocol = await aProtocol();
const { aCode, redeem, refresh, clock, tenant, sql } = protocol;
await protocol.client('web');
const sweep = createSweep(protocol);

async function counts() {
  const tables = ['oauth2_request', 'oauth2_grant', 'oauth2_code', 'oauth2_access_token', 'oauth2_refresh_token'];
  const found = await Promise.all(tables.map((table) => sql<{ n: number }>(`select count(*)::int as n from ${table}`)));
  return found.map(([row]) => row?.n);
}

it('keeps what may still be used, and forgets the rest with its grant', async () => {
  const { refresh_token } = await redeem('web', (await aCode('web', { scope: 'openid offline_access' })).code);
  await protocol.authorize(
    { response_type: 'code', client_id: 'web', redirect_uri: 'https://app.example/cb' },
    { session: protocol.signIn() },
  );
  clock.advance(20 * 86_400_000);
  await sweep(tenant);
  expect(await counts()).toEqual([0, 1, 0, 0, 1]);
  await refresh('web', refresh_token);
  clock.advance(20 * 86_400_000);
  await sweep(tenant);
  expect(await counts()).toEqual([0, 1, 0, 0, 1]);
  clock.advance(20 * 86_400_000);
  await sweep(tenant);
  expect(await counts()).toEqual([0, 0, 0, 0, 0]);
});

it('does not look twice within ten minutes', async () => {
  await redeem('web', (await aCode('web')).code);
  clock.advance(60 * 86_400_000);
  await sweep(tenant);
  await redeem('web', (await aCode('web')).code);
  const before = await counts();
  await sweep(tenant);
  expect(await counts()).toEqual(before);
});
