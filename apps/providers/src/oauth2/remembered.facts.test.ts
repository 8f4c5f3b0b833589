import { createLocalBus } from '@postern/messaging';
import { events } from '@postern/proto';
import { fakeClock } from '@postern/testkit';
import { describe, expect, it } from 'vitest';
import { createRemembered } from './remembered.facts.ts';

async function aMemory() {
  const clock = fakeClock(new Date());
  const bus = createLocalBus();
  const remembered = createRemembered<number, string>({ bus, clock }, ['directory.v1.>']);
  await bus.start();
  let asked = 0;
  const find = async () => `answer ${++asked}`;
  const tell = async (subject: string, tenant: string) => {
    await bus.publish(events.Envelope.fromPartial({ subject, tenant }));
    await new Promise(setImmediate);
  };
  const ask = (tenant: string, key = 1) => remembered(tenant, key, find);
  return { remembered, ask, tell, clock, asked: () => asked };
}

describe('what is remembered of a neighbour', () => {
  it('asks anew after a second', async () => {
    const { ask, clock } = await aMemory();
    expect([await ask('a'), await ask('a')]).toEqual(['answer 1', 'answer 1']);
    clock.advance(1_000);
    expect(await ask('a')).toBe('answer 2');
  });

  it('forgets a tenant when there is news of it, and no other', async () => {
    const { ask, tell } = await aMemory();
    expect([await ask('a'), await ask('b')]).toEqual(['answer 1', 'answer 2']);
    await tell('directory.v1.user.updated', 'a');
    expect([await ask('a'), await ask('b')]).toEqual(['answer 3', 'answer 2']);
  });

  it('tells the tenants apart, and the keys', async () => {
    const { ask } = await aMemory();
    expect([await ask('a', 1), await ask('a', 2), await ask('b', 1)]).toEqual(['answer 1', 'answer 2', 'answer 3']);
  });

  it('does not remember an answer that news overtook', async () => {
    const { remembered, ask, tell } = await aMemory();
    const old = await remembered('a', 1, async () => {
      await tell('directory.v1.user.deleted', 'a');
      return 'old';
    });
    expect([old, await ask('a')]).toEqual(['old', 'answer 1']);
  });

  it('asks once for those who ask at the same time, and anew for who comes after news', async () => {
    const { ask, tell } = await aMemory();
    expect(await Promise.all([ask('a'), ask('a')])).toEqual(['answer 1', 'answer 1']);
    await tell('directory.v1.user.updated', 'a');
    expect(await Promise.all([ask('a'), ask('a')])).toEqual(['answer 2', 'answer 2']);
  });

  it('does not remember a failure', async () => {
    const { remembered, ask } = await aMemory();
    const failing = remembered('a', 1, async () => {
      throw new Error('away');
    });
    await expect(failing).rejects.toThrow('away');
    expect(await ask('a')).toBe('answer 1');
  });

  it('does not remember that there is nothing', async () => {
    const { remembered, ask } = await aMemory();
    expect(await remembered('a', 1, async () => undefined)).toBeUndefined();
    expect(await ask('a')).toBe('answer 1');
  });
});
