/** The app as tests run it: its real schema, its consumer fed directly with envelopes, its services in memory. */

import { randomUUID } from 'node:crypto';
import type { Geo } from '@postern/geo';
import { matchesSubject } from '@postern/messaging';
import { createLogger } from '@postern/observability';
import { tasks as api, events } from '@postern/proto';
import { createClient, createRpcServer, createSealer, noClient, type UserPrincipal } from '@postern/rpc';
import { migrationsOf } from '@postern/service';
import { aTenant, fakeClock, TEST_SECRET, testDatabase } from '@postern/testkit';
import { tasks } from '../app.ts';
import { createAudit, rememberBrands } from '../audit/index.ts';
import { createEventRpc, createEventSeriesRpc, Event, ensureMonths } from '../events/index.ts';
import { createLoginMetrics } from '../metrics/index.ts';

/** The one address whose place the tests know. */
export const LOCATED = '81.2.69.142';
const PLACE = { continent: 'EU', country: 'GB', lat: 51.5, long: -0.1, city: 'London' };

const USER = { pk: 7, uuid: randomUUID(), username: 'ada', name: 'Ada', email: 'ada@example.com' };

/** Starts the app for one test file. */
export async function servedTasks() {
  const { db, sql } = await testDatabase({ schema: 'tasks', entities: [Event], migrations: migrationsOf(tasks) });
  const clock = fakeClock();
  const log = createLogger({ level: 'silent' });
  await ensureMonths({ db, clock });
  const sealer = createSealer(TEST_SECRET);
  const services = [
    createEventRpc({ db, clock }),
    createEventSeriesRpc({ db, clock }),
    createLoginMetrics({ db, clock }),
  ];
  const server = createRpcServer({ services, sealer, log });
  const client = createClient(api.EventServiceDefinition, server.channel(), { sealer, service: 'tasks' });
  const series = createClient(api.EventSeriesServiceDefinition, server.channel(), { sealer, service: 'directory' });
  const metrics = createClient(api.LoginMetricsServiceDefinition, server.channel(), { sealer, service: 'directory' });
  const geo: Geo = { locate: async (address) => (address === LOCATED ? PLACE : undefined), isLoaded: () => true };
  const heard = [...createAudit({ geo }).handlers, ...rememberBrands().handlers];

  /** Calls as somebody of a tenant; a superuser unless permissions are given. */
  function as(tenant: string, permissions?: string[]) {
    const user = { ...USER, type: 'internal' } as const;
    const superuser = permissions === undefined;
    const principal: UserPrincipal = {
      kind: 'user',
      tenant,
      user,
      superuser,
      permissions: permissions ?? [],
      via: 'api_token',
    };
    return {
      context: { principal: sealer.sealPrincipal(principal), client: sealer.sealClient(noClient(tenant, 'r')) },
    };
  }

  /** Calls as nobody. */
  const anonymous = (tenant: string) => ({
    context: {
      principal: sealer.sealPrincipal({ kind: 'anonymous', tenant }),
      client: sealer.sealClient(noClient(tenant, 'r')),
    },
  });

  /** Lets a fact arrive. */
  async function hear(fact: Partial<events.Envelope>, tenant: string): Promise<events.Envelope> {
    const envelope = anEnvelope({ tenant, occurred_at: clock.now().toISOString(), ...fact });
    await db.write({ tenant }, async (em) => {
      for (const { filter, handle } of heard) if (matchesSubject(filter, envelope.subject)) await handle(envelope, em);
    });
    return envelope;
  }

  return { db, sql, clock, client, series, metrics, as, anonymous, hear, tenant: () => aTenant().tenant };
}

/** A fact by a signed-in user in a browser. */
export function anEnvelope(fact: Partial<events.Envelope>): events.Envelope {
  return events.Envelope.fromPartial({
    id: randomUUID(),
    subject: 'directory.v1.role.created',
    actor: { kind: 'user', via: 'session', user: USER },
    client: { address: '192.0.2.7', user_agent: 'a browser', method: 'POST', path: '/api/v3/rbac/roles/', query: {} },
    ...fact,
  });
}

/** The fact that an object changed. */
export function aChange(
  verb: string,
  model = 'authentik_rbac.role',
  pk: string = randomUUID(),
): Partial<events.Envelope> {
  const payload = events.ModelChanged.encode({
    model,
    pk,
    name: 'staff',
    changed: [],
    families: [],
    before: undefined,
    after: undefined,
    facts: undefined,
  }).finish();
  return { subject: `directory.v1.role.${verb}`, type: 'postern.events.v1.ModelChanged', payload };
}
