import { describe, expect, it } from 'vitest';
import { createOriginReader } from './client.address.ts';

const read = createOriginReader(['10.0.0.0/8', '::1', 'fd00::/8']);
const forwarded = (list: string) => ({ host: 'inner', 'x-forwarded-for': list });

describe('the address of a client', () => {
  it('is that of the peer, whatever a peer says that is no trusted proxy', () => {
    const headers = {
      host: 'A.example.com',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil',
    };
    expect(read('192.0.2.1', false, headers)).toEqual({ address: '192.0.2.1', scheme: 'http', host: 'a.example.com' });
  });

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9, 10.1.1.1', '203.0.113.9'],
    ['10.2.2.2, 10.1.1.1', '10.2.2.2'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['unknown', '10.0.0.1'],
    ['203.0.113.9, <script>', '10.0.0.1'],
    ['', '10.0.0.1'],
  ])('is the last one of "%s" that is no trusted proxy: %s', (list, address) => {
    expect(read('10.0.0.1', false, forwarded(list)).address).toBe(address);
  });

  it('knows a proxy that reached a dual-stack socket by IPv4', () => {
    expect(read('::ffff:10.0.0.1', false, forwarded('203.0.113.9')).address).toBe('203.0.113.9');
  });
});

describe('scheme and host', () => {
  it('are those that a trusted proxy names', () => {
    const headers = { host: 'inner', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'id.example.com' };
    expect(read('::1', false, headers)).toMatchObject({ scheme: 'https', host: 'id.example.com' });
  });

  it.each(['a b', 'a/b', 'a@b', '"', 'x'.repeat(300)])('are empty for the impossible host %s', (host) => {
    expect(read('192.0.2.1', false, { host }).host).toBe('');
  });
});
