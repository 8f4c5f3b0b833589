import { describe, expect, it } from 'vitest';
import { scrollTopOf, TALLEST, windowOf } from './window.ts';

const rowHeight = 50;
const viewport = 500;

describe.each([30, 1000, 1_000_000])('a list of %i rows', (count) => {
  const view = { count, rowHeight, viewport };
  const bottom = Math.min(count * rowHeight, TALLEST) - viewport;

  it('begins with its first row and ends with its last', () => {
    expect(windowOf({ ...view, scrollTop: 0 })).toMatchObject({ first: 0, top: 0, seen: { first: 0, end: 10 } });
    const last = windowOf({ ...view, scrollTop: bottom });
    expect(last.end).toBe(count);
    expect(last.top + (last.end - last.first) * rowHeight).toBeCloseTo(last.height, 3);
  });

  it('draws few rows, which cover what is seen, wherever it is scrolled to', () => {
    for (let step = 0; step <= 997; step += 1) {
      const scrollTop = (bottom * step) / 997;
      const { first, end, top } = windowOf({ ...view, scrollTop });
      expect(end - first).toBeLessThanOrEqual(27);
      expect(top).toBeLessThanOrEqual(scrollTop + 0.001);
      expect(top + (end - first) * rowHeight).toBeGreaterThanOrEqual(scrollTop + viewport - 0.001);
    }
  });

  it('shows the row that it is asked to scroll to', () => {
    for (const row of [0, 7, Math.floor(count / 2), count - 11]) {
      const { seen } = windowOf({ ...view, scrollTop: scrollTopOf(row, view) + 0.01 });
      expect(Math.abs(seen.first - row)).toBeLessThanOrEqual(1);
    }
  });
});

it('draws nothing of nothing, and all of a few', () => {
  expect(windowOf({ count: 0, rowHeight, viewport, scrollTop: 0 })).toMatchObject({ first: 0, end: 0, height: 0 });
  expect(windowOf({ count: 3, rowHeight, viewport, scrollTop: 0 })).toMatchObject({ first: 0, end: 3, height: 150 });
});
