import { expect, it } from 'vitest';
import { fullTime, relativeTime } from './times.ts';

const now = Date.parse('2026-05-01T12:00:00Z');

it.each([
  ['2026-05-01T11:59:30Z', 'now', 'jetzt'],
  ['2026-05-01T11:55:00Z', '5 minutes ago', 'vor 5 Minuten'],
  ['2026-04-30T10:00:00Z', 'yesterday', 'gestern'],
  ['2026-05-31T12:00:00Z', 'next month', 'nächsten Monat'],
  ['2028-06-01T12:00:00Z', 'in 2 years', 'in 2 Jahren'],
])('says %s as %s', (time, english, german) => {
  expect([relativeTime(time, now, 'en'), relativeTime(time, now, 'de')]).toEqual([english, german]);
});

it('says nothing of what is no time', () => {
  expect([relativeTime('', now, 'en'), fullTime('soon', 'en')]).toEqual(['', '']);
});
