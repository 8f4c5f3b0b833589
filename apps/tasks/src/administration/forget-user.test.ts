import { randomUUID } from 'node:crypto';
import { createOutbox } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { directory, events, jobs } from '@postern/proto';
import { bind, createClient, createRpcServer, createSealer } from '@postern/rpc';
import { migrationsOf } from '@postern/service';
import { aTenant, fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { tasks } from '../index.ts';
import { whenUserDeleted } from './forget-user.consumer.ts';
import { forgetUserJob } from './forget-user.job.ts';
import { createWantsForgetting } from './tenant-settings.client.ts';

const { db, sql } = await testDatabase({
  schema: 'tasks',
  ...tasks.database,
  migrations: migrationsOf(tasks),
});
const clock = fakeClock();
const log = createLogger({ level: 'silent' });
const sealer = createSealer(TEST_SECRET);
const keeping = new Set<string>();
const neighbour = createRpcServer({
  services: [
    bind(directory.TenantSettingsServiceDefinition, {
      readSettings: async (_request, { context }) => ({
        ...directory.Settings.fromPartial({}),
        gdpr_compliance: !keeping.has(context.tenant),
      }),
    }),
  ],
  sealer,
  log,
});
const settings = createClient(directory.TenantSettingsServiceDefinition, neighbour.channel(), {
  sealer,
  service: 'tasks',
});

/** Stores events of a user. */
async function caused(tenant: string, user: number, count: number) {
  await sql(
    `insert into event (pk, tenant_id, created, expires, "user", action, app)
     select gen_random_uuid(), $1, now(), now() + interval '1 year', $2::jsonb, 'login', 'x' from generate_series(1, $3::int)`,
    [tenant, JSON.stringify({ pk: user, username: 'ada', email: '' }), count],
  );
}

async function left(tenant: string, user: number): Promise<number | undefined> {
  const rows = await sql<{ n: number }>('select count(*)::int as n from event where tenant_id = $1 and user_pk = $2', [
    tenant,
    String(user),
  ]);
  return rows[0]?.n;
}

async function forget(tenant: string, user: number) {
  const { signal } = new AbortController();
  const run = { tenant, id: randomUUID(), attempt: 1, signal, log, progress: () => undefined };
  return (await forgetUserJob({ db, wantsForgetting: createWantsForgetting(settings) }).run({ user }, run)).messages;
}

describe('the events of a deleted user', () => {
  it('go, in batches, and those of everyone else stay', async () => {
    const [{ tenant }, other] = [aTenant(), aTenant().tenant];
    await caused(tenant, 7, 1_203);
    await caused(tenant, 8, 1);
    await caused(other, 7, 1);
    expect(await forget(tenant, 7)).toEqual(['Deleted 1203 Events']);
    expect([await left(tenant, 7), await left(tenant, 8), await left(other, 7)]).toEqual([0, 1, 1]);
  });

  it('stay where the tenant keeps them', async () => {
    const { tenant } = aTenant();
    keeping.add(tenant);
    await caused(tenant, 7, 2);
    await forget(tenant, 7);
    expect(await left(tenant, 7)).toBe(2);
  });

  it('are asked for once the log has heard of all that the user did', async () => {
    const { tenant } = aTenant();
    const payload = directory.UserDeleted.encode(directory.UserDeleted.fromPartial({ user: { pk: 7 } })).finish();
    const type = 'postern.directory.v1.UserDeleted';
    const envelope = { id: randomUUID(), subject: 'directory.v1.user.deleted', type, tenant, payload };
    const { handlers } = whenUserDeleted({ outbox: createOutbox({ schema: 'tasks', clock }), clock });
    await db.write({ tenant }, async (em) => {
      for (const { handle } of handlers) await handle(events.Envelope.fromPartial(envelope), em);
    });
    const [row] = await sql<{ envelope: Buffer }>('select envelope from outbox where tenant_id = $1', [tenant]);
    const asked = jobs.JobRequested.decode(events.Envelope.decode(row?.envelope ?? Buffer.of()).payload);
    expect(asked.jobs).toMatchObject([{ name: 'tasks.forget_user_events', tenant, args: '{"user":7}' }]);
    expect(new Date(asked.jobs[0]?.start_after ?? 0).getTime()).toBe(clock.now().getTime() + 60_000);
  });
});
