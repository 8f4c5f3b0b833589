import { useId } from 'react';
import { pageLocale } from '../../settings/when.tsx';

/** How many there were in the time that ends then. */
export type Point = { readonly time: number; readonly count: number };

type ChartProps = {
  readonly title: string;
  readonly points: readonly Point[];
  readonly tone: 'accent' | 'danger' | 'soft';
};

const WIDTH = 320;
const HEIGHT = 96;

/** Bars over time. Whoever does not see them reads the sum, which stands beside them. */
export function Chart({ title, points, tone }: ChartProps) {
  const id = useId();
  const most = Math.max(1, ...points.map(({ count }) => count));
  const step = WIDTH / Math.max(1, points.length);
  const when = new Intl.DateTimeFormat(pageLocale(), { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <svg
      className="po-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-labelledby={id}
      data-tone={tone}
      preserveAspectRatio="none"
    >
      <title id={id}>{title}</title>
      {points.map(({ time, count }, index) => {
        const height = count === 0 ? 1.5 : Math.max(4, (count / most) * HEIGHT);
        return (
          <rect
            key={time}
            x={index * step + step * 0.12}
            width={step * 0.76}
            y={HEIGHT - height}
            height={height}
            rx="2"
            data-none={count === 0}
          >
            <title>{`${when.format(time)}: ${count}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** The sum of all points. */
export function sumOf(points: readonly Point[]): number {
  return points.reduce((sum, { count }) => sum + count, 0);
}
