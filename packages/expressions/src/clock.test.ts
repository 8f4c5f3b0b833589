import { expect, it } from 'vitest';
import { createClock } from './child/clock.ts';

const SIGINT = 2;

function aClock() {
  const time = { wall: 0, used: 0, ended: 0 };
  const end = () => {
    time.ended += 1;
  };
  const clock = createClock({ now: () => time.wall, used: () => time.used, end });
  const pass = (wall: number, used = wall) => {
    time.wall += wall;
    time.used += used;
    return clock.buffer[0];
  };
  return { clock, pass, time };
}

const LIMITS = { softMs: 1_000, hardMs: 2_000 };

it('interrupts at the soft limit, again and again, and ends at the hard one', () => {
  const { clock, pass, time } = aClock();
  clock.limited(LIMITS, () => {
    expect(pass(999)).toBe(0);
    expect(pass(1)).toBe(SIGINT);
    expect(pass(99)).toBe(0);
    expect(pass(1)).toBe(SIGINT);
    expect(time.ended).toBe(0);
    pass(1_000);
    expect(time.ended).toBe(1);
  });
});

it('counts the processor, and not the clock on the wall', () => {
  const { clock, pass } = aClock();
  clock.limited(LIMITS, () => {
    expect(pass(5_000, 400)).toBe(0);
    expect(pass(600, 600)).toBe(SIGINT);
  });
});

it('says nothing when nothing is evaluated, or while the host answers', () => {
  const { clock, pass } = aClock();
  expect(pass(10_000)).toBe(0);
  clock.limited(LIMITS, () => clock.uncounted(() => expect(pass(10_000)).toBe(0)));
});

it('gives what runs inside an allowance of its own, and does not charge it to the outside', () => {
  const { clock, pass } = aClock();
  clock.limited(LIMITS, () => {
    pass(500);
    clock.uncounted(() =>
      clock.limited({ softMs: 100, hardMs: 200 }, () => {
        expect(pass(99)).toBe(0);
        expect(pass(1)).toBe(SIGINT);
      }),
    );
    expect(pass(499)).toBe(0);
    expect(pass(101)).toBe(SIGINT);
  });
});
