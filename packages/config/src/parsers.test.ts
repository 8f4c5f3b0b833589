import { expect, it } from 'vitest';
import { formatAddress, parseAddress, parseBytes, parseDuration, parseNetwork, parsePlaces } from './index.ts';

it.each([
  ['0', 0],
  ['90', 90_000],
  ['250ms', 250],
  ['1.5s', 1_500],
  ['1h30m', 5_400_000],
  ['2w', 1_209_600_000],
  ['hours=1;minutes=30', 5_400_000],
  ['', undefined],
  ['5', 5_000],
  ['5 m', undefined],
  ['-5m', undefined],
  ['5y', undefined],
  ['fortnights=1', undefined],
])('reads the duration %j as %j milliseconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

it.each([
  ['0', 0],
  ['64KiB', 65_536],
  ['1.5MB', 1_500_000],
  ['10 GiB', 10_737_418_240],
  ['10XB', undefined],
  ['-1', undefined],
])('reads the size %j as %j bytes', (text, expected) => {
  expect(parseBytes(text)).toBe(expected);
});

it.each(['0.0.0.0:9000', '[::1]:443', 'auth.internal:9401'])('reads and writes the address %j', (text) => {
  const parsed = parseAddress(text);
  expect(parsed && formatAddress(parsed)).toBe(text);
});

it.each(['', 'host', 'host:', 'host:70000', 'host:-1', '[nonsense]:1', '::1:80', 'a b:1'])(
  'refuses the address %j',
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
  },
);

it.each([
  ['auth:9401', 1],
  ['10.0.0.1:9401, 10.0.0.2:9401', 2],
  ['[fd00::1]:9401,[fd00::2]:9401', 2],
])('reads the replicas of %j', (text, count) => {
  expect(parsePlaces(text)).toHaveLength(count);
});

it.each(['', 'auth-1:9401,auth-2:9401', '10.0.0.1:9401,[fd00::1]:9401', '10.0.0.1:9401,', '10.0.0.1:9401,auth:9401'])(
  'refuses the replicas %j',
  (text) => {
    expect(parsePlaces(text)).toBeUndefined();
  },
);

it('listens on every interface when the host is left out', () => {
  expect(parseAddress(':9000')).toEqual({ host: '0.0.0.0', port: 9000 });
});

it.each(['10.0.0.0/8', '::1', 'fd00::/8', '192.0.2.1'])('accepts the network %j', (text) => {
  expect(parseNetwork(text)).toBe(text);
});

it.each(['10.0.0.0/33', '10.0.0/8', 'fd00::/129', '10.0.0.0/8/8', 'localhost', ''])(
  'refuses the network %j',
  (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  },
);
