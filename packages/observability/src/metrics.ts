import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Values of the labels of one sample. */
export type Labels = Readonly<Record<string, string>>;

export type MetricOptions = { name: string; help: string; labels?: readonly string[] };

/** The metrics of a process. Asking twice for a name gives the same metric, so that apps in one process may share one. */
export type Metrics = {
  /** A number that only grows. */
  counter(options: MetricOptions): { add(labels?: Labels, amount?: number): void };
  /** How values are spread. Buckets default to those for seconds, 1 ms to 10 s. */
  histogram(options: MetricOptions & { buckets?: readonly number[] }): {
    observe(value: number, labels?: Labels): void;
  };
  /** A number that goes up and down; `read` is asked at each scrape. */
  gauge(options: MetricOptions & { read?: () => number | Promise<number> }): {
    set(value: number, labels?: Labels): void;
  };
  /** All samples in the text format of Prometheus. */
  text(): Promise<string>;
};

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** The metrics of a process, among them those of Node itself: memory, CPU, garbage collection, event loop lag. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const once = onceByName();
  return {
    counter: ({ name, help, labels = [] }) => {
      const metric = once(name, () => new Counter({ name, help, labelNames: [...labels], registers: [registry] }));
      return { add: (values = {}, amount = 1) => metric.inc(values, amount) };
    },
    histogram: ({ name, help, labels = [], buckets = SECONDS }) => {
      const options = { name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] };
      const metric = once(name, () => new Histogram(options));
      return { observe: (value, values = {}) => metric.observe(values, value) };
    },
    gauge: ({ name, help, labels = [], read }) => {
      const collect = read && (async () => metric.set(await read()));
      const metric: Gauge = once(
        name,
        () => new Gauge({ name, help, labelNames: [...labels], collect, registers: [registry] }),
      );
      return { set: (value, values = {}) => metric.set(values, value) };
    },
    text: () => registry.metrics(),
  };
}

function onceByName() {
  const known = new Map<string, unknown>();
  return <T extends object>(name: string, make: () => T): T => {
    const existing = known.get(name) as T | undefined;
    if (existing !== undefined) return existing;
    const made = make();
    known.set(name, made);
    return made;
  };
}
