import { createLogger } from '@postern/observability';
import { auth } from '@postern/proto';
import { asService, createClient, createRpcServer, createSealer, noClient } from '@postern/rpc';
import { TEST_SECRET } from '@postern/testkit';
import { expect, it } from 'vitest';
import type { Attempt } from '../stages/index.ts';
import { createAttemptRpc } from './attempt.rpc.ts';

const TENANT = '0197c0de-0000-7000-8000-000000000001';
const sealer = createSealer(TEST_SECRET);
const counted: Attempt[] = [];
const attempts = {
  reserve: async (_tenant: string, attempt: Attempt) => {
    counted.push(attempt);
    return counted.length > 1 ? ('refused' as const) : ('allowed' as const);
  },
};
const server = createRpcServer({
  services: [createAttemptRpc({ attempts })],
  sealer,
  log: createLogger({ level: 'silent' }),
});
const client = createClient(auth.AttemptServiceDefinition, server.channel(), { sealer, service: 'providers' });

it('counts for services alone, and no kind that it does not know', async () => {
  const principal = sealer.sealPrincipal({ kind: 'anonymous', tenant: TENANT });
  const stranger = { context: { principal, client: sealer.sealClient(noClient(TENANT, 'request')) } };
  await expect(client.reserveAttempt({ kind: 'user_code' }, stranger)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  await expect(client.reserveAttempt({ kind: 'password' }, asService(TENANT))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  expect(counted).toEqual([]);
});

it('says whether something may be tried, by whom and of which kind', async () => {
  expect(await client.reserveAttempt({ kind: 'user_code', user: 7 }, asService(TENANT))).toEqual({ allowed: true });
  expect(await client.reserveAttempt({ kind: 'device_request' }, asService(TENANT))).toEqual({ allowed: false });
  expect(counted).toMatchObject([
    { kind: 'userCode', user: 7 },
    { kind: 'deviceRequest', user: undefined },
  ]);
});
