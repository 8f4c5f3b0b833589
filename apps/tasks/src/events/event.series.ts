import type { api } from '@postern/proto';

/** Milliseconds of an hour: events are counted by the hour. */
export const HOUR_MS = 3600 * 1000;

/** How a series is cut: its windows, how many of them, and the time they cover. */
export type SeriesShape = { readonly windowMs: number; readonly windows: number };

/** Events of one hour. */
export type HourCount = { readonly hour: Date; readonly total: number };

/** The last seven days in windows of eight hours. */
export const WEEK: SeriesShape = { windowMs: 8 * HOUR_MS, windows: 21 };

/** The last four weeks in thirty windows. */
export const MONTH: SeriesShape = { windowMs: (28 * 24 * HOUR_MS) / 30, windows: 30 };

/** The first full hour that counts. */
export function startOf({ windowMs, windows }: SeriesShape, now: Date): Date {
  return new Date(Math.ceil((now.getTime() - windowMs * windows + 1) / HOUR_MS) * HOUR_MS);
}

/**
 * Counts per window as points of time, the latest first. As the contract has it, the first point lies one window ahead of now and is empty, and the
 * count of a window stands at its newer end. An hour belongs, whole, to the window that it begins in.
 */
export function toSeries({ windowMs, windows }: SeriesShape, hours: readonly HourCount[], now: Date): api.Coordinate[] {
  const totals = new Array<number>(windows).fill(0);
  for (const { hour, total } of hours) {
    const age = Math.floor((now.getTime() - hour.getTime()) / windowMs);
    if (age >= 0 && age < windows) totals[age] = (totals[age] ?? 0) + total;
  }
  const newest = Math.floor(now.getTime() / 1000) * 1000;
  const points = totals.map((y_cord, age) => ({ x_cord: Math.floor(newest - age * windowMs), y_cord }));
  return [{ x_cord: Math.floor(newest + windowMs), y_cord: 0 }, ...points];
}
