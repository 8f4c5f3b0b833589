import { hasNatsServer, startNats } from '@postern/testkit';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { busContract } from './contract/bus.contract.ts';
import { bookkeeper, messagingOf, natsBusAt } from './contract/parties.ts';
import { openStage, upTo, WAIT } from './contract/stage.ts';
import { onSubject } from './event.ts';

const isCi = process.env.CI === 'true';

describe.runIf(hasNatsServer(isCi))('with a broker', async () => {
  if (!hasNatsServer(isCi)) return;
  const server = await startNats();
  afterAll(() => server.stop());
  const under = {
    name: 'the NATS bus',
    nats: server.url,
    open: (namespace: string) => natsBusAt(server.url, namespace),
  };

  busContract(under);

  describe('the NATS bus', { timeout: 120_000 }, async () => {
    const stage = await openStage(under);

    it('loses and doubles nothing when the broker is killed in the middle, and lets every write through', async () => {
      const durable = stage.durable();
      await stage.run(bookkeeper(durable));
      const writing = stage.change(...upTo(400));
      for (const seen of [20, 150]) {
        await vi.waitFor(async () => expect((await stage.entries(durable)).length).toBeGreaterThan(seen), WAIT);
        await server.kill();
        await stage.change(1_000 + seen);
        await server.restart();
      }
      await writing;
      await vi.waitFor(async () => expect(await stage.entries(durable)).toHaveLength(402), {
        ...WAIT,
        timeout: 30_000,
      });
      expect((await stage.entries(durable)).filter((pk) => pk < 1_000)).toEqual(upTo(400));
      await stage.expectDrained();
    });

    it('starts and commits without a broker, and catches up when it comes', async () => {
      const durable = stage.durable();
      await server.kill();
      const { bus } = await stage.run(bookkeeper(durable));
      expect(bus.isConnected()).toBe(false);
      const gap = vi.fn();
      bus.onGap(gap);
      await stage.change(501, 502);
      expect(await stage.shop.sql('select 1 from outbox')).toHaveLength(2);
      await server.restart();
      await vi.waitFor(async () => expect(await stage.entries(durable)).toContain(502), WAIT);
      expect((await stage.entries(durable)).slice(-2)).toEqual([501, 502]);
      expect(gap).toHaveBeenCalled();
    });

    it('keeps the order and handles once with two replicas of both apps', async () => {
      const durable = stage.durable();
      await stage.run(bookkeeper(durable));
      await stage.run(bookkeeper(durable));
      await stage.change(...upTo(780, 701));
      await vi.waitFor(async () => expect(await stage.entries(durable)).toContain(780), WAIT);
      expect((await stage.entries(durable)).slice(-80)).toEqual(upTo(780, 701));
    });

    it('delivers to a consumer what happened before it existed', async () => {
      const durable = stage.durable();
      const selling = messagingOf(stage.shop.db, stage.open());
      await selling.start();
      await stage.change(801);
      await stage.expectDrained();
      await selling.stop();
      await stage.run(bookkeeper(durable));
      await vi.waitFor(async () => expect(await stage.entries(durable)).toContain(801), WAIT);
    });

    it('keeps the position of a consumer whose subjects change', async () => {
      const durable = stage.durable();
      const first = await stage.run(bookkeeper(durable));
      await stage.change(901);
      await vi.waitFor(async () => expect(await stage.entries(durable)).toContain(901), WAIT);
      await first.stop();
      const seen = (await stage.entries(durable)).length;
      const wider = bookkeeper(durable);
      await stage.run({ ...wider, handlers: [...wider.handlers, onSubject('shop.v1.>', async () => undefined)] });
      await stage.change(902);
      await vi.waitFor(async () => expect(await stage.entries(durable)).toHaveLength(seen + 1), WAIT);
      expect((await stage.entries(durable)).at(-1)).toBe(902);
    });
  });
});
