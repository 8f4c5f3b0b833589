/** The two apps of the contract suite: one that owns facts, one that reacts. */

import { connectDatabase, type Database, type EntityManager, type Migration } from '@postern/database';
import { events } from '@postern/proto';
import { messagingOn } from '../app-database.ts';
import type { EventBus } from '../bus.ts';
import { rowsOf } from '../database.ts';
import { defineEvent, on } from '../event.ts';
import { type ConsumerOptions, createMessaging, type Messaging } from '../messaging.ts';
import { createNatsBus } from '../nats.bus.ts';
import { messagingTables } from '../tables.ts';

/** A fact with a number and a label. */
export const thingChanged = defineEvent('shop.v1.thing.changed', events.ActorUser);
/** A fact that nobody handles. */
export const thingIgnored = defineEvent('shop.v1.thing.ignored', events.ActorUser);

export const SHOP: { schema: string; migrations: Migration[] } = {
  schema: 'shop',
  migrations: [
    { name: 'shop/0001', up: [...messagingTables('shop'), 'create table shop.thing (pk integer primary key)'] },
  ],
};

export const LEDGER: { schema: string; migrations: Migration[] } = {
  schema: 'ledger',
  migrations: [
    {
      name: 'ledger/0001',
      up: [
        ...messagingTables('ledger'),
        `create table ledger.entry (
          seq bigint generated always as identity primary key, pk integer not null, consumer text not null, tenant text not null
        )`,
      ],
    },
  ],
};

export type Handle = (pk: number, em: EntityManager) => Promise<void>;

/** Connects to a schema, in a process that has only its address and its secret. */
export function connectTo(url: string, secretKey: string, { schema, migrations }: typeof SHOP): Promise<Database> {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  return connectDatabase({ url, schema, migrations, entities: [], secretKey, log });
}

/** A bus whose broker soon gives up on whoever was killed. */
export function natsBusAt(servers: string, namespace: string): EventBus {
  return createNatsBus({ connection: { servers }, namespace, ackWaitMs: 1_000 });
}

/** Messaging of an app, sweeping often so that a lost wake-up does not hide behind a long test. */
export function messagingOf(db: Database, bus: EventBus): Messaging<EntityManager> {
  return createMessaging({ ...messagingOn(db), bus, sweep: 5_000 });
}

/** A consumer that writes down each thing it hears of, with the tenant its transaction sees. */
export function bookkeeper(
  durable: string,
  options: Partial<ConsumerOptions<EntityManager>> & { before?: Handle } = {},
): ConsumerOptions<EntityManager> {
  const { before, ...rest } = options;
  const write = on<events.ActorUser, EntityManager>(thingChanged, async ({ payload }, em) => {
    const statement = `insert into ledger.entry (pk, consumer, tenant) values (?, ?, current_setting('postern.tenant')) returning pk`;
    await rowsOf(em, statement, [payload.pk, durable]);
    await before?.(payload.pk, em);
  });
  return { durable, handlers: [write], backoff: [50, 100], ...rest };
}

/** A thing with a number. */
export function thing(pk: number): events.ActorUser {
  return { pk, uuid: '', username: `thing ${pk}`, email: '', name: '' };
}
