/** Durations as the API writes them: `hours=3;minutes=1`. */

const UNITS: ReadonlyMap<string, number> = new Map([
  ['microseconds', 1e-6],
  ['milliseconds', 1e-3],
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3_600],
  ['days', 86_400],
  ['weeks', 604_800],
]);

/** Seconds of a duration; undefined when it has no pair that counts, or a part that is no pair. Units it does not know are passed over. */
export function parseDuration(text: string): number | undefined {
  const pairs = text.split(';').map((pair) => pair.split('='));
  if (pairs.some((pair) => pair.length !== 2)) return undefined;
  let total: number | undefined;
  for (const [key = '', value = ''] of pairs) {
    const unit = UNITS.get(key.toLowerCase());
    const amount = value.trim() === '' ? Number.NaN : Number(value);
    if (unit === undefined) continue;
    if (!Number.isFinite(amount)) return undefined;
    total = (total ?? 0) + unit * amount;
  }
  return total;
}

/** A thousand years, in seconds: what ends later has no date that every part of the way can write. */
const LONGEST = 365_250 * 86_400;

/** What is wrong with a duration, if anything. */
export function durationError(text: string): string | undefined {
  const length = parseDuration(text);
  if (length === undefined) return `${text} is not in the correct format of 'hours=3;minutes=1'.`;
  return length <= LONGEST ? undefined : `${text} is longer than a thousand years.`;
}

/** Seconds of a stored duration; one that cannot be read, or lies in the past, lasts no time at all. */
export function seconds(text: string): number {
  return Math.min(LONGEST, Math.max(0, parseDuration(text) || 0));
}
