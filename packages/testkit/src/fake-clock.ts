/** A clock that stands still until a test moves it. */
export type FakeClock = {
  now(): Date;
  /** Moves the clock forward, in milliseconds. */
  advance(milliseconds: number): void;
  set(time: Date | string): void;
};

/** Makes a clock that starts at `start`. */
export function fakeClock(start: Date | string = '2026-01-01T00:00:00.000Z'): FakeClock {
  let time = new Date(start).getTime();
  return {
    now: () => new Date(time),
    advance(milliseconds) {
      time += milliseconds;
    },
    set(next) {
      time = new Date(next).getTime();
    },
  };
}
