import { expect, it } from 'vitest';
import { durationError, parseDuration, seconds } from './index.ts';

it.each([
  ['days=365', 31_536_000],
  ['Hours=1;minutes=1.5', 3_690],
  ['days=1;years=2', 86_400],
  ['milliseconds=500', 0.5],
])('reads %s', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

it.each(['', 'soon', 'years=1', 'days=', 'days=x', 'days=1;'])(
  'refuses "%s" and says what a duration looks like',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(durationError(text)).toBe(`${text} is not in the correct format of 'hours=3;minutes=1'.`);
  },
);

it('takes nothing that lasts longer than dates can say, and counts the past as no time at all', () => {
  expect(durationError('weeks=99999999')).toContain('longer than a thousand years');
  expect(seconds('weeks=99999999')).toBe(365_250 * 86_400);
  expect(seconds('days=-3')).toBe(0);
});
