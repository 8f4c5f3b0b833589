import { randomUUID } from 'node:crypto';
import { cleanUp } from '@postern/jobs';
import { createLogger } from '@postern/observability';
import { expect, it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { EXPIRING_TOKENS } from './expiry.ts';

const protocol = await aProtocol();
const { aCode, redeem, refresh, clock, db, sql } = protocol;
await protocol.client('web');
const DAY = 86_400_000;
const TABLES = ['oauth2_request', 'oauth2_grant', 'oauth2_code', 'oauth2_access_token', 'oauth2_refresh_token'];

async function counts() {
  const found = await Promise.all(TABLES.map((table) => sql<{ n: number }>(`select count(*)::int as n from ${table}`)));
  return found.map(([row]) => row?.n);
}

const job = cleanUp({ name: 'providers.clean_expired', db, clock, models: EXPIRING_TOKENS });

/** Runs the job once; answers what it says of itself. */
async function run(signal = new AbortController().signal): Promise<string[]> {
  const log = createLogger({ level: 'silent' });
  const attempt = { tenant: '', id: randomUUID(), attempt: 1, signal, log, progress: () => undefined };
  return (await job.run({}, attempt)).messages ?? [];
}

it('keeps what may still be used, and forgets the rest with its grant', async () => {
  const { refresh_token } = await redeem('web', (await aCode('web', { scope: 'openid offline_access' })).code);
  await protocol.authorize(
    { response_type: 'code', client_id: 'web', redirect_uri: 'https://app.example/cb' },
    { session: protocol.signIn() },
  );
  expect(await run()).toContain('Expired 0 Authorization Codes');
  clock.advance(20 * DAY);
  expect(await run()).toEqual([
    'Expired 1 Authorization Codes',
    'Expired 1 OAuth2 Access Tokens',
    'Expired 0 OAuth2 Refresh Tokens',
    'Expired 1 Authorization Requests',
    'Expired 0 Device Tokens',
    'Expired 0 Pushed Authorization Requests',
    'Expired 0 Used Proofs',
    'Expired 0 Published Keys',
  ]);
  expect(await counts()).toEqual([0, 1, 0, 0, 1]);
  await refresh('web', refresh_token);
  clock.advance(20 * DAY);
  await run();
  expect(await counts()).toEqual([0, 1, 0, 0, 1]);
  clock.advance(20 * DAY);
  await run();
  expect(await counts()).toEqual([0, 0, 0, 0, 0]);
});

it('keeps what has just expired for a day, so that a late second use is noticed', async () => {
  await redeem('web', (await aCode('web')).code);
  clock.advance(DAY - 60_000);
  await run();
  expect((await counts())[2]).toBe(1);
});

it('takes a backlog as it comes', async () => {
  clock.advance(90 * DAY);
  await run();
  const [provider] = await sql<{ pk: number; tenant_id: string }>('select pk, tenant_id from provider limit 1');
  await sql(
    `insert into oauth2_request (pk, tenant_id, provider_pk, details, expires)
     select gen_random_uuid(), $1, $2, '{}', $3 from generate_series(1, 2300)`,
    [provider?.tenant_id, provider?.pk, clock.now()],
  );
  clock.advance(2 * DAY);
  expect(await run()).toContain('Expired 2300 Authorization Requests');
});

it('stops when it is told to', async () => {
  const stopped = AbortSignal.abort(new Error('the process ends'));
  await expect(run(stopped)).rejects.toThrow('the process ends');
});
