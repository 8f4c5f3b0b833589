const UNITS: ReadonlyMap<string, number> = new Map([
  ['microseconds', 1e-6],
  ['milliseconds', 1e-3],
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3600],
  ['days', 86_400],
  ['weeks', 604_800],
]);

/**
 * Seconds of a duration as the API writes it: `hours=3;minutes=1`. Keys that are no unit are passed over; undefined when no valid
 * pair is left.
 */
export function parseDuration(text: string): number | undefined {
  let seconds: number | undefined;
  for (const pair of text.split(';')) {
    const [key = '', value = ''] = pair.split('=');
    const unit = UNITS.get(key.trim().toLowerCase());
    const amount = value.trim() === '' ? Number.NaN : Number(value);
    if (unit !== undefined && Number.isFinite(amount)) seconds = (seconds ?? 0) + unit * amount;
  }
  return seconds;
}

/** A thousand years, in seconds: what ends later has no date that every part of the way can write. */
const LONGEST = 365_250 * 86_400;

/** What is wrong with a duration, if anything. */
export function durationError(text: string): string | undefined {
  const length = parseDuration(text);
  if (length === undefined) return `${text} is not in the correct format of 'hours=3;minutes=1'.`;
  return length <= LONGEST ? undefined : `${text} is longer than a thousand years.`;
}

/** Seconds of a stored duration; one that cannot be read lasts no time at all. */
export function seconds(text: string): number {
  return Math.min(LONGEST, Math.max(0, parseDuration(text) || 0));
}
