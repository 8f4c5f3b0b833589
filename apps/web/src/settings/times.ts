const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** Up to here people count; beyond it a date says more. */
const A_WEEK = 7 * 86_400;

/** A time in words: how far it is from now within a week (`5 minutes ago`, `in 3 days`), else its day. Empty for what is no time. */
export function timeInWords(time: string, now: number, locale: string): string {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  if (Number.isNaN(seconds)) return '';
  if (Math.abs(seconds) > A_WEEK)
    return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(Date.parse(time));
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, 'second');
}

/** The day and the time of day. Empty for what is no time. */
export function fullTime(time: string, locale: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}
