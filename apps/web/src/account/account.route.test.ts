import { expect, it } from 'vitest';
import { detourOf, hrefOf, nextIn, parseRoute } from './account.route.ts';

const ORIGIN = 'https://id.example.com';

it.each([
  ['/account', { page: 'home' }],
  ['/account/login/', { page: 'login' }],
  ['/account/password/reset', { page: 'reset-request' }],
  ['/account/password/reset/key/8-abc-def', { page: 'reset-key', key: '8-abc-def' }],
  ['/account/verify-email', { page: 'verify-email' }],
  ['/account/verify-email/MQ%3A1x%3Aab', { page: 'verify-email-key', key: 'MQ:1x:ab' }],
  ['/account/verify-email/%E0%A4%A', { page: 'verify-email-key', key: '%E0%A4%A' }],
  ['/account/constructor', { page: 'not-found' }],
  ['/account/verify-email/a/b', { page: 'not-found' }],
])('%s is read', (path, route) => expect(parseRoute(path)).toEqual(route));

it.each([
  ['/if/user/#/settings', '/if/user/#/settings'],
  ['https://id.example.com/account/email', '/account/email'],
  ['https://elsewhere.example.com/', undefined],
  ['//elsewhere.example.com/', undefined],
  ['/\\elsewhere.example.com/', undefined],
  ['/.//elsewhere.example.com/', '/elsewhere.example.com/'],
  ['javascript:alert(1)', undefined],
  ['', undefined],
])('goes on to %s only on this host', (next, place) =>
  expect(nextIn(`?next=${encodeURIComponent(next)}`, ORIGIN)).toBe(place),
);

it('sends people where they can go on', () => {
  const at = (path: string, isSignedIn: boolean) => detourOf(parseRoute(path), isSignedIn, path);
  expect(at('/account/sessions', false)).toBe('/account/login?next=%2Faccount%2Fsessions');
  expect(at('/account/sessions', true)).toBeUndefined();
  expect([at('/account', true), at('/account/login', true)]).toEqual([hrefOf('email'), hrefOf('home')]);
  // A link of a mail works for whoever opens it.
  expect([at('/account/verify-email/key', true), at('/account/verify-email/key', false)]).toEqual([
    undefined,
    undefined,
  ]);
});
