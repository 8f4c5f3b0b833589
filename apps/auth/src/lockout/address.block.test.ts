import { expect, it } from 'vitest';
import { blockOf } from './address.block.ts';

const sizes = { ipv4: 24, ipv6: 64 };

it.each(['', 'unknown', '300.1.1.1', '192.0.2'])('knows no network of %j', (address) => {
  expect(blockOf(address, sizes)).toBeUndefined();
});

it('takes the addresses of a network for one, however they are written', () => {
  for (const same of ['192.0.2.200', '::ffff:192.0.2.1', '::ffff:c000:2fe', '192.0.2.1%eth0'])
    expect(blockOf(same, sizes)).toBe(blockOf('192.0.2.1', sizes));
  for (const same of ['2001:db8:0:1::', '2001:DB8:0:1:ffff::9', '2001:db8::1:a:b:c:d'])
    expect(blockOf(same, sizes)).toBe(blockOf('2001:db8:0:1::1', sizes));
});

it('keeps networks apart, and cuts where it is told to', () => {
  expect(blockOf('192.0.3.1', sizes)).not.toBe(blockOf('192.0.2.1', sizes));
  expect(blockOf('2001:db8:0:2::1', sizes)).not.toBe(blockOf('2001:db8:0:1::1', sizes));
  expect(blockOf('192.0.2.129', { ipv4: 25, ipv6: 64 })).toBe('c0000280/25');
  expect(blockOf('192.0.2.129', { ipv4: 0, ipv6: 64 })).toBe('00000000/0');
});
