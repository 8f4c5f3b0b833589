/** What every bus guarantees, on real PostgreSQL and, where there is one, a real broker. */

import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@postern/database';
import { events } from '@postern/proto';
import { describe, expect, it, vi } from 'vitest';
import { fact } from '../outbox.ts';
import { bookkeeper, thing, thingChanged, thingIgnored } from './parties.ts';
import { type BusUnderTest, kill, openStage, type Stage, upTo, WAIT } from './stage.ts';

/** The suite. */
export function busContract(under: BusUnderTest): void {
  describe(`${under.name}, as every bus`, { timeout: 120_000 }, async () => {
    const stage = await openStage(under);
    deliveryContract(stage);
    failureContract(stage);
    restartContract(stage);
    listeningContract(stage);
  });
}

function deliveryContract(stage: Stage): void {
  it('delivers events in the order of their changes, in the tenant of each', async () => {
    const durable = stage.durable();
    await stage.run(bookkeeper(durable));
    await stage.change(...upTo(30));
    await stage.expectEntries(durable, upTo(30));
    const tenants = await stage.ledger.sql('select distinct tenant from entry where consumer = $1', [durable]);
    expect(tenants).toEqual([{ tenant: stage.tenant }]);
    await stage.expectDrained();
  });

  it('tells nothing of a change that was rolled back', async () => {
    const durable = stage.durable();
    await stage.run(bookkeeper(durable));
    const failing = stage.shop.db.write({ tenant: stage.tenant }, async (em) => {
      await stage.outbox.record(em, { tenant: stage.tenant }, fact(thingChanged, thing(101)));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await stage.change(102);
    await stage.expectEntries(durable, [102]);
  });

  it('delivers events of several requests that are stored together, in their order', async () => {
    const durable = stage.durable();
    await stage.run(bookkeeper(durable));
    const numbers = upTo(12);
    await stage.shop.db.write({ tenant: stage.tenant }, (em) => {
      const sealed = numbers.flatMap((pk) =>
        stage.outbox.seal({ tenant: stage.tenant }, [fact(thingChanged, thing(pk))]),
      );
      return stage.outbox.store(em, sealed, true);
    });
    await stage.expectEntries(durable, numbers);
  });

  it('keeps nothing of an event that its handlers do not want', async () => {
    const durable = stage.durable();
    const { handlers, ...rest } = bookkeeper(durable);
    const wants = ({ payload }: events.Envelope) => thingChanged.decode(payload).pk !== 111;
    await stage.run({ ...rest, handlers: handlers.map((handler) => ({ ...handler, wants })) });
    await stage.change(111, 112);
    await stage.expectEntries(durable, [112]);
    const kept = await stage.ledger.sql('select event_id from inbox where consumer = $1', [durable]);
    expect(kept).toHaveLength(1);
  });

  it('refuses a payload that no broker would take', async () => {
    const tooMuch = fact(thingChanged, { ...thing(1), name: 'x'.repeat(600_000) });
    const recording = stage.shop.db.write({ tenant: stage.tenant }, (em) => stage.outbox.record(em, {}, tooMuch));
    await expect(recording).rejects.toThrow(RangeError);
  });

  it('handles an event once, however often it is published', async () => {
    const durable = stage.durable();
    const { bus } = await stage.run(bookkeeper(durable));
    const envelope = events.Envelope.create({
      id: randomUUID(),
      subject: thingChanged.subject,
      tenant: stage.tenant,
      payload: thingChanged.encode(thing(201)),
    });
    await vi.waitFor(() => bus.publish(envelope), WAIT);
    await bus.publish(envelope);
    await stage.change(202);
    await stage.expectEntries(durable, [201, 202]);
  });
}

function failureContract(stage: Stage): void {
  it('tries again what failed, without its half-done effects, and keeps the order', async () => {
    const durable = stage.durable();
    let failures = 2;
    const before = async (pk: number): Promise<void> => {
      if (pk === 302 && failures-- > 0) throw new Error('not now');
    };
    await stage.run(bookkeeper(durable, { before }));
    await stage.change(301, 302, 303);
    await stage.expectEntries(durable, [301, 302, 303]);
  });

  it('leaves to the inbox what fails when it is handled promptly: nothing is done twice, lost or overtaken', async () => {
    const durable = stage.durable();
    let failures = 2;
    const before = async (pk: number): Promise<void> => {
      if (pk === 352 && failures-- > 0) throw new Error('not now');
    };
    const { bus } = await stage.run(bookkeeper(durable, { before, isPrompt: true }));
    await stage.change(351, 352, 353);
    await stage.expectEntries(durable, [351, 352, 353]);
    const again = events.Envelope.create({
      id: randomUUID(),
      subject: thingChanged.subject,
      tenant: stage.tenant,
      payload: thingChanged.encode(thing(354)),
    });
    await bus.publish(again);
    await bus.publish(again);
    await stage.change(355);
    await stage.expectEntries(durable, [351, 352, 353, 354, 355]);
    await stage.expectDrained();
  });

  it('buries an event that always fails, goes on with the next, and hands it out again when asked', async () => {
    const durable = stage.durable();
    let isBroken = true;
    const before = async (pk: number): Promise<void> => {
      if (pk === 401 && isBroken) throw new Error('poison');
    };
    const { deadLetters } = await stage.run(bookkeeper(durable, { before }));
    await stage.change(401, 402);
    await stage.expectEntries(durable, [402]);
    const [letter] = await deadLetters.list({ consumer: durable });
    expect(letter).toMatchObject({
      attempts: 3,
      lastError: 'Error: poison',
      envelope: { subject: thingChanged.subject },
    });
    isBroken = false;
    expect(await deadLetters.redrive(durable, letter?.envelope.id ?? '')).toBe(true);
    await stage.expectEntries(durable, [402, 401]);
    expect(await deadLetters.list({ consumer: durable })).toEqual([]);
    expect(await deadLetters.redrive(durable, randomUUID())).toBe(false);
  });

  it('does not let a failing consumer hold up another', async () => {
    const [failing, healthy] = [stage.durable(), stage.durable()];
    const before = (): Promise<void> => Promise.reject(new Error('always'));
    await stage.run(bookkeeper(failing, { before, backoff: [60_000] }), bookkeeper(healthy));
    await stage.change(501, 502);
    await stage.expectEntries(healthy, [501, 502]);
    expect(await stage.entries(failing)).toEqual([]);
  });
}

function restartContract(stage: Stage): void {
  it('goes on after a restart where it stopped', async () => {
    const durable = stage.durable();
    const first = await stage.run(bookkeeper(durable));
    await stage.change(...upTo(605, 601));
    await stage.expectEntries(durable, upTo(605, 601));
    await first.stop();
    await first.bus.close();
    await stage.change(...upTo(610, 606));
    await stage.run(bookkeeper(durable));
    await stage.expectEntries(durable, upTo(610, 601));
  });

  it('works on several events at once when asked to, never on more than asked', async () => {
    const durable = stage.durable();
    let [running, most] = [0, 0];
    const before = async (_pk: number, em: EntityManager): Promise<void> => {
      most = Math.max(most, ++running);
      await em.execute('select pg_sleep(0.02)');
      running--;
    };
    await stage.run(bookkeeper(durable, { before, concurrency: 4 }));
    await stage.change(...upTo(740, 701));
    await vi.waitFor(async () => expect(await stage.entries(durable)).toHaveLength(40), WAIT);
    expect((await stage.entries(durable)).sort((a, b) => a - b)).toEqual(upTo(740, 701));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('loses and doubles nothing when the consuming process is killed in the middle, again and again', async () => {
    const durable = stage.durable();
    let child = await stage.spawn(durable);
    const writing = stage.change(...upTo(1_300, 1_001));
    for (const seen of [20, 120, 220]) {
      await vi.waitFor(async () => expect((await stage.entries(durable)).length).toBeGreaterThan(seen), WAIT);
      await kill(child);
      child = await stage.spawn(durable);
    }
    await writing;
    await stage.expectEntries(durable, upTo(1_300, 1_001));
  });
}

function listeningContract(stage: Stage): void {
  it('drops what no handler wants', async () => {
    const durable = stage.durable();
    await stage.run(bookkeeper(durable));
    const { tenant } = stage;
    await stage.shop.db.write({ tenant }, (em) => stage.outbox.record(em, { tenant }, fact(thingIgnored, thing(801))));
    await stage.change(802);
    await stage.expectEntries(durable, [802]);
    expect(await stage.ledger.sql('select 1 from inbox where consumer = $1', [durable])).toHaveLength(1);
  });

  it('broadcasts to every listener, and lets them follow events as they are published', async () => {
    const { bus } = await stage.run();
    const heard: string[] = [];
    const words = new TextEncoder().encode('drop it');
    bus.onBroadcast('auth.v1.*.revoked', (payload, subject) =>
      heard.push(`1 ${subject} ${new TextDecoder().decode(payload)}`),
    );
    bus.onBroadcast('>', () => heard.push('2'));
    bus.tail('shop.v1.thing.*', ({ payload }) => heard.push(`tail ${thingChanged.decode(payload).pk}`));
    await vi.waitFor(() => {
      bus.broadcast('auth.v1.session.revoked', words);
      expect(heard).toContain('2');
      expect(heard).toContain('1 auth.v1.session.revoked drop it');
    }, WAIT);
    await stage.change(901);
    await vi.waitFor(() => expect(heard).toContain('tail 901'), WAIT);
  });
}
