import { events } from '@postern/proto';
import { describe, expect, it } from 'vitest';
import { busContract } from './contract/bus.contract.ts';
import { createLocalBus } from './local.bus.ts';

busContract({ name: 'the local bus', open: () => createLocalBus() });

describe('the local bus', () => {
  it('takes no event before every consumer had its chance to subscribe', async () => {
    const bus = createLocalBus();
    const envelope = events.Envelope.create({ id: '1', subject: 'shop.v1.thing.changed' });
    await expect(bus.publish(envelope)).rejects.toThrow('not started');
    await bus.start();
    await bus.publish(envelope);
  });

  it('refuses two consumers of one name', async () => {
    const bus = createLocalBus();
    const subscription = { durable: 'twice', filter: '>', ordered: true, accept: async () => undefined };
    await bus.subscribe(subscription);
    await expect(bus.subscribe({ ...subscription })).rejects.toThrow('twice');
  });
});
