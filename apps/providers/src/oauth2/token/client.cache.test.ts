import { createLocalBus } from '@postern/messaging';
import { events } from '@postern/proto';
import { fakeClock } from '@postern/testkit';
import { expect, it } from 'vitest';
import { aProtocol } from '../protocol.fixture.ts';
import { createClientCache } from './client.cache.ts';

const { db, tenant, sql, client, clients } = await aProtocol();
await client('web');

function aCache() {
  const bus = createLocalBus();
  const clock = fakeClock();
  const find = (where: string, id: string) => db.read({ tenant: where }, (em) => clients.findByClientId(em, id));
  const tell = (subject: string) => bus.publish(events.Envelope.fromPartial({ id: subject, subject, tenant }));
  return { find: createClientCache({ find, bus, clock }), clock, tell, start: () => bus.start() };
}

const rename = (name: string) => sql('update provider set name = $1 where client_id = $2', [name, 'web']);

it('forgets a client when something of the providers changed, and not when a token was issued', async () => {
  const cache = aCache();
  await cache.start();
  await rename('before');
  await cache.find(tenant, 'web');
  await rename('after');
  await cache.tell('providers.v1.oauth2_token.issued');
  expect((await cache.find(tenant, 'web'))?.name).toBe('before');
  await cache.tell('providers.v1.oauth2_provider.updated');
  await expect.poll(async () => (await cache.find(tenant, 'web'))?.name).toBe('after');
});

it('believes a client for five seconds when no news comes through', async () => {
  const cache = aCache();
  await rename('before');
  await cache.find(tenant, 'web');
  await rename('after');
  cache.clock.advance(5_001);
  expect((await cache.find(tenant, 'web'))?.name).toBe('after');
});

it('remembers neither clients that do not exist nor those of another tenant', async () => {
  const cache = aCache();
  expect(await cache.find(tenant, 'late')).toBeUndefined();
  await client('late');
  expect(await cache.find(tenant, 'late')).toBeDefined();
  expect(await cache.find('0197c0de-0000-7000-8000-0000000000ff', 'late')).toBeUndefined();
});
