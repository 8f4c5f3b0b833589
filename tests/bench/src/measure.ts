/** One line of the table. */
export type Measure = {
  /** What was measured. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the design asks for; `most` where less is better. */
  readonly target?: { readonly least: number } | { readonly most: number };
  /** What the same machine does at best, measured in the same run and in the same unit. */
  readonly baseline?: { readonly name: string; readonly value: number };
  /** Further facts, such as latencies. */
  readonly note?: string;
};

/** Whether a measure is as good as it has to be; undefined where nothing is asked. */
export function isOnTarget({ value, target }: Measure): boolean | undefined {
  if (target === undefined) return undefined;
  return 'least' in target ? value >= target.least : value <= target.most;
}

/** A value that `share` (0 to 1) of the sorted samples do not exceed. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Runs a task over and over on `lanes` lanes for a while; answers with runs per second. */
export async function ratePerSecond(
  task: () => Promise<unknown>,
  { lanes, milliseconds }: { lanes: number; milliseconds: number },
): Promise<number> {
  const start = performance.now();
  const end = start + milliseconds;
  let count = 0;
  const lane = async () => {
    while (performance.now() < end) {
      await task();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (count / (performance.now() - start)) * 1_000;
}
