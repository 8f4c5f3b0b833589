import { fork } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstMessage } from './child.ts';
import { startDatabase } from './installation.ts';
import type { Part } from './part.ts';
import { canLookInside, freePort, memoryOf, startPlatform } from './platform.ts';

/** Until timers of the start have gone by, and what it left behind is collected. */
const IDLE_MS = 8_000;

/** Start-up of everything in one process with its embedded PostgreSQL, and what it holds when nobody asks for anything. */
export const start: Part = {
  name: 'start',
  async run({ code }) {
    const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
    await chmod(folder, 0o711);
    try {
      const postgres = await databaseStart();
      const first = await boot();
      await first.stop();
      const second = await boot();
      await sleep(IDLE_MS);
      const { rss, pss } = canLookInside ? memoryOf(second.pid) : { rss: Number.NaN, pss: Number.NaN };
      await second.stop();
      return [
        line('start, empty data folder', first.startedIn, 10, { name: 'PostgreSQL alone', value: postgres / 1_000 }),
        line('start, migrated', second.startedIn, 3, undefined),
        {
          name: 'idle memory, one process',
          value: rss,
          unit: 'MiB',
          target: { most: 160 },
          baseline: { name: 'bare Node', value: await bareMemory() },
          note: `without PostgreSQL; PSS ${pss.toFixed(0)} MiB`,
        },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }

    async function boot() {
      const http = `127.0.0.1:${await freePort()}`;
      const env = {
        POSTERN_DATA_DIR: folder,
        POSTERN_LISTEN__HTTP: http,
        POSTERN_LISTEN__HTTPS: 'off',
        POSTERN_LISTEN__METRICS: '127.0.0.1:0',
      };
      return startPlatform({ code, env, readyUrl: `http://${http}/-/health/ready/` });
    }
  },
};

/** Memory of a process that does next to nothing. */
async function bareMemory(): Promise<number> {
  const bare = fork(new URL('bare.server.ts', import.meta.url));
  try {
    await firstMessage(bare);
    return memoryOf(bare.pid ?? 0).rss;
  } finally {
    bare.kill();
  }
}

async function databaseStart(): Promise<number> {
  const begin = performance.now();
  const database = await startDatabase();
  const took = performance.now() - begin;
  await database.stop();
  return took;
}

function line(name: string, took: number, most: number, baseline: { name: string; value: number } | undefined) {
  return { name, value: took / 1_000, unit: 's', target: { most }, ...(baseline ? { baseline } : {}) };
}
