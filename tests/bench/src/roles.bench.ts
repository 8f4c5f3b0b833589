import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasNatsServer, startNats } from '@postern/testkit';
import { startDatabase } from './installation.ts';
import type { Part } from './part.ts';
import { type Code, freePort, memoryOf, type Running, startPlatform } from './platform.ts';

const SERVICES = ['directory', 'auth', 'providers', 'tasks'] as const;
const IDLE_MS = 8_000;

/** The five services as processes of their own, with PostgreSQL and NATS: start-up, and what they hold when nobody asks for anything. */
export const roles: Part = {
  name: 'roles',
  async run({ code }) {
    await using closing = new AsyncDisposableStack();
    const database = await startDatabase();
    closing.defer(() => database.stop());
    const nats = hasNatsServer(false) ? await startNats() : undefined;
    closing.defer(() => nats?.stop());
    const env = await environmentOf(database.url, nats?.url);
    const begin = performance.now();
    const running = await startAll(code, env, closing);
    const took = (performance.now() - begin) / 1_000;
    await sleep(IDLE_MS);
    const memory = running.map(({ pid }) => memoryOf(pid));
    const sum = (of: 'rss' | 'pss') => memory.reduce((total, each) => total + each[of], 0);
    const note = `without PostgreSQL${nats ? ' and NATS' : '; no NATS here'}; RSS ${sum('rss').toFixed(0)} MiB`;
    return [
      { name: 'start of five processes, empty database', value: took, unit: 's', target: { most: 10 } },
      { name: 'idle memory, five processes (PSS)', value: sum('pss'), unit: 'MiB', target: { most: 450 }, note },
    ];
  },
};

/** One environment serves all roles; only where each listens is its own. */
async function environmentOf(databaseUrl: string, natsUrl: string | undefined): Promise<Record<string, string>> {
  const env: Record<string, string> = {
    POSTERN_SECRET_KEY: randomBytes(32).toString('hex'),
    POSTERN_DATABASE__URL: databaseUrl,
    ...(natsUrl ? { POSTERN_NATS__URL: natsUrl } : {}),
  };
  for (const name of SERVICES) env[`POSTERN_SERVICES__${name.toUpperCase()}`] = `127.0.0.1:${await freePort()}`;
  return env;
}

/** Starts all at once, as an orchestrator would; whatever was started stops with the stack, also when one fails. */
async function startAll(code: Code, env: Record<string, string>, closing: AsyncDisposableStack): Promise<Running[]> {
  const http = `127.0.0.1:${await freePort()}`;
  const starts = [...SERVICES, 'gateway'].map(async (role) => {
    const metrics = `127.0.0.1:${await freePort()}`;
    const own = {
      ...env,
      POSTERN_LISTEN__METRICS: metrics,
      ...(role === 'gateway'
        ? { POSTERN_LISTEN__HTTP: http, POSTERN_LISTEN__HTTPS: 'off' }
        : { POSTERN_LISTEN__GRPC: env[`POSTERN_SERVICES__${role.toUpperCase()}`] ?? '' }),
    };
    const readyUrl = `http://${role === 'gateway' ? http : metrics}/-/health/ready/`;
    const running = await startPlatform({ code, role, env: own, readyUrl });
    closing.defer(() => running.stop());
    return running;
  });
  const settled = await Promise.allSettled(starts);
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}
