/** What the suites of the bus stand on: two apps, their databases, and a clean end. */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EntityManager } from '@postern/database';
import { aTenant, TEST_SECRET, testDatabase } from '@postern/testkit';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { EventBus } from '../bus.ts';
import type { ConsumerOptions, Messaging } from '../messaging.ts';
import { createOutbox, fact } from '../outbox.ts';
import { LEDGER, messagingOf, SHOP, thing, thingChanged } from './parties.ts';

/** How a suite gets its bus. */
export type BusUnderTest = {
  name: string;
  /** A new bus; two of one namespace share their events if there is a broker. */
  open(namespace: string): EventBus;
  /** Address of the broker, for processes of their own. */
  nats?: string;
};

/** The apps, and what a test does with them. */
export type Stage = Awaited<ReturnType<typeof openStage>>;

/** Databases of both apps and everything started on them; `afterEach` stops what a test started. */
export async function openStage({ open, nats }: BusUnderTest) {
  const shop = await testDatabase({ ...SHOP, entities: [] });
  const ledger = await testDatabase({ ...LEDGER, entities: [] });
  const { tenant } = aTenant();
  const outbox = createOutbox({ schema: SHOP.schema });
  const endings: (() => Promise<unknown>)[] = [];
  let namespace = '';
  // A stream of its own for each test: a new consumer hears of everything that the broker keeps.
  beforeEach(() => {
    namespace = `test_${randomUUID().replaceAll('-', '')}`;
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  const stage = {
    /** The shop's outbox. */
    outbox,
    shop,
    ledger,
    tenant,
    /** A durable name that no other test uses. */
    durable: () => `ledger_${randomUUID().replaceAll('-', '')}`,
    open(): EventBus {
      const bus = open(namespace);
      endings.push(() => bus.close());
      return bus;
    },
    /** Starts both apps in this process, on one bus. */
    async run(...consumers: ConsumerOptions<EntityManager>[]): Promise<Messaging<EntityManager> & { bus: EventBus }> {
      const bus = stage.open();
      const [selling, keeping] = [messagingOf(shop.db, bus), messagingOf(ledger.db, bus)];
      for (const options of consumers) await keeping.subscribe(options);
      await keeping.start();
      await selling.start();
      await bus.start();
      const stop = async () => void (await Promise.all([selling.stop(), keeping.stop()]));
      endings.push(stop);
      return { ...keeping, bus, stop };
    },
    /** Starts both apps in a process of their own. */
    async spawn(durable: string): Promise<ChildProcess> {
      const script = fileURLToPath(new URL('./consumer.process.ts', import.meta.url));
      const argument = JSON.stringify({
        shop: shop.url,
        ledger: ledger.url,
        secret: TEST_SECRET,
        durable,
        nats,
        namespace,
      });
      const child = spawn(process.execPath, ['--conditions=@postern/source', script, argument], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      endings.push(() => kill(child));
      return child;
    },
    /** Changes things in one transaction each, with its event. */
    async change(...numbers: number[]): Promise<void> {
      for (const pk of numbers) {
        await shop.db.write({ tenant }, (em) => outbox.record(em, { tenant }, fact(thingChanged, thing(pk))));
      }
    },
    /** The numbers a consumer has written down, in the order it did. */
    async entries(consumer: string): Promise<number[]> {
      const rows = await ledger.sql<{ pk: number }>('select pk from entry where consumer = $1 order by seq', [
        consumer,
      ]);
      return rows.map(({ pk }) => pk);
    },
    /** Waits until a consumer has written exactly these. */
    async expectEntries(consumer: string, numbers: number[]): Promise<void> {
      await vi.waitFor(
        async () => expect((await stage.entries(consumer)).length).toBeGreaterThanOrEqual(numbers.length),
        WAIT,
      );
      expect(await stage.entries(consumer)).toEqual(numbers);
    },
    /** Waits until nothing is left in the outbox. */
    async expectDrained(): Promise<void> {
      await vi.waitFor(async () => expect(await shop.sql('select 1 from outbox')).toEqual([]), WAIT);
    },
  };
  return stage;
}

/** Ample, for machines that start a process in many seconds. */
export const WAIT = { timeout: 45_000, interval: 20 };

/** 1 to n. */
export function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Ends a process as a crash does. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
