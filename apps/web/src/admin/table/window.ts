/**
 * The tallest that a scrolled area is made: browsers draw nothing beyond 17 million pixels (Firefox) or 33 million. A list that is taller
 * scrolls faster than the finger instead.
 */
export const TALLEST = 12_000_000;

/** Rows that are drawn above and below what is seen. */
const MARGIN = 8;

type View = {
  /** Rows of the list. */
  readonly count: number;
  /** Height of a row, in pixels: the same for all. */
  readonly rowHeight: number;
  readonly scrollTop: number;
  /** Height of what is seen of the rows, in pixels. */
  readonly viewport: number;
};

export type RowWindow = {
  /** The rows to draw, from `first` up to and without `end`. */
  readonly first: number;
  readonly end: number;
  /** Where the first of them stands within the scrolled area, in pixels. */
  readonly top: number;
  /** Height of the scrolled area, in pixels. */
  readonly height: number;
  /** The rows that are seen. */
  readonly seen: { readonly first: number; readonly end: number };
};

/** Which rows of a long list are to be drawn, and where. */
export function windowOf({ count, rowHeight, scrollTop, viewport }: View): RowWindow {
  const whole = count * rowHeight;
  const height = Math.min(whole, TALLEST);
  const [way, wholeWay] = [Math.max(0, height - viewport), Math.max(0, whole - viewport)];
  const at = way === 0 ? 0 : Math.min(wholeWay, (Math.max(0, scrollTop) * wholeWay) / way);
  const seen = {
    first: Math.min(count, Math.floor(at / rowHeight)),
    end: Math.min(count, Math.ceil((at + viewport) / rowHeight)),
  };
  const first = Math.max(0, seen.first - MARGIN);
  const end = Math.min(count, seen.end + MARGIN);
  // Near the end the drawn rows would stand a little below the area: rounding only.
  const top = Math.max(
    0,
    Math.min(height - (end - first) * rowHeight, Math.min(scrollTop, way) - (at - first * rowHeight)),
  );
  return { first, end, top, height, seen };
}

/** Where to scroll to see a row first. */
export function scrollTopOf(row: number, { count, rowHeight, viewport }: Omit<View, 'scrollTop'>): number {
  const whole = count * rowHeight;
  const [way, wholeWay] = [Math.max(0, Math.min(whole, TALLEST) - viewport), Math.max(0, whole - viewport)];
  return wholeWay === 0 ? 0 : (Math.min(row * rowHeight, wholeWay) * way) / wholeWay;
}
