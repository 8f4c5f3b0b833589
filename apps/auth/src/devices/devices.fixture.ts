/** A store of devices over a database of its own, with the accounts it needs and a clock that tests move. */

import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@postern/database';
import { createOutbox, messagingTables } from '@postern/messaging';
import { fakeClock, testDatabase } from '@postern/testkit';
import { ACCOUNT_MIGRATIONS, accountsIn } from '../accounts/index.ts';
import { FLOW_MIGRATIONS } from '../flows/index.ts';
import type { FlowRequest } from '../plans/index.ts';
import { createDeviceCodes, createDeviceStore, DEVICE_MIGRATIONS, type NewDevice } from './index.ts';

/** Opens the store. Call it at the top of a test file. */
export async function aDeviceStore(users: readonly number[]) {
  const schema = 'auth';
  const messaging = { name: 'auth/0001-messaging', up: messagingTables(schema) };
  const migrations = [messaging, ...FLOW_MIGRATIONS, ...ACCOUNT_MIGRATIONS, ...DEVICE_MIGRATIONS];
  const { db, sql } = await testDatabase({ schema, entities: [], migrations });
  const tenant = randomUUID();
  const clock = fakeClock(new Date('2030-01-01T00:00:00Z'));
  const store = createDeviceStore({
    database: db,
    outbox: createOutbox({ schema }),
    codes: createDeviceCodes(['the secret of the tests']),
    clock: () => clock.now(),
    contextOf: () => ({ tenant, actor: undefined, client: undefined, requestId: 'request-1' }),
  });
  const write = <T>(work: (em: EntityManager) => Promise<T>) => db.write({ tenant }, work);
  await write(async (em) => {
    for (const pk of users) {
      const names = { username: `user-${pk}`, name: '', email: '', type: 'internal' };
      await accountsIn(em).keep({ pk, uuid: randomUUID(), is_active: true, ...names });
    }
  });
  const request: FlowRequest = {
    tenant,
    slug: 'a-flow',
    method: 'POST',
    url: '/',
    query: '',
    client: { address: '192.0.2.1', userAgent: '', scheme: 'https', host: 'id.example', requestId: 'request-1' },
  };
  return {
    db,
    sql,
    tenant,
    clock,
    store,
    write,
    add: async (device: Partial<NewDevice> = {}) => {
      const given = { user: users[0] ?? 0, class: 'totp', name: 'A device', ...device } as const;
      return write((em) => store.add(em, given, request));
    },
  };
}
