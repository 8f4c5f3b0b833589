import { expect, it } from 'vitest';
import { fullTime, timeInWords } from './times.ts';

const now = Date.parse('2026-05-01T12:00:00Z');

it.each([
  ['2026-05-01T11:59:30Z', 'now', 'jetzt'],
  ['2026-05-01T11:55:00Z', '5 minutes ago', 'vor 5 Minuten'],
  ['2026-04-30T10:00:00Z', 'yesterday', 'gestern'],
  ['2026-05-08T12:00:00Z', 'in 7 days', 'in 7 Tagen'],
  ['2026-05-31T12:00:00Z', 'May 31, 2026', '31.05.2026'],
  ['2025-12-01T12:00:00Z', 'Dec 1, 2025', '01.12.2025'],
])('says %s as %s', (time, english, german) => {
  expect([timeInWords(time, now, 'en'), timeInWords(time, now, 'de')]).toEqual([english, german]);
});

it('says nothing of what is no time', () => {
  expect([timeInWords('', now, 'en'), fullTime('soon', 'en')]).toEqual(['', '']);
});
