import type { api } from '@postern/proto';

const HOUR_MS = 3600 * 1000;

/** How a series is cut: its windows, how many of them, and the time they cover. */
export type SeriesShape = { readonly windowMs: number; readonly windows: number };

/** The last seven days in windows of eight hours. */
export const WEEK: SeriesShape = { windowMs: 8 * HOUR_MS, windows: 21 };

/** The last four weeks in thirty windows. */
export const MONTH: SeriesShape = { windowMs: (28 * 24 * HOUR_MS) / 30, windows: 30 };

/** Where a series starts: the oldest time that counts. */
export function startOf({ windowMs, windows }: SeriesShape, now: Date): Date {
  return new Date(now.getTime() - windowMs * windows);
}

/**
 * Counts per window as points of time, the latest first. As the contract has it, the first point lies one window ahead of now and is empty, and the
 * count of a window stands at its newer end.
 *
 * @param counts events by age, in windows: 0 is the current one
 */
export function toSeries(
  { windowMs, windows }: SeriesShape,
  counts: ReadonlyMap<number, number>,
  now: Date,
): api.Coordinate[] {
  const newest = Math.floor(now.getTime() / 1000) * 1000;
  const points = Array.from({ length: windows }, (_, age) => ({
    x_cord: Math.floor(newest - age * windowMs),
    y_cord: counts.get(age) ?? 0,
  }));
  return [{ x_cord: Math.floor(newest + windowMs), y_cord: 0 }, ...points];
}
