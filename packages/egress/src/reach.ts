import { BlockList, isIP } from 'node:net';

/** Which addresses may be called. */
export type Reach = {
  /** Whether an IP address may be called. */
  allows(address: string): boolean;
};

/** Networks that are not the public internet (RFC 6890 and its successors), IPv4. */
const INTERNAL_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** IPv6: everything but global unicast, and what of that leads back to IPv4 or to documentation. */
const GLOBAL_6 = '2000::/3';
const INTERNAL_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Builds the rule: public addresses, and those of the networks that are allowed besides. */
export function createReach(allowed: readonly string[]): Reach {
  const internal = blockList([...INTERNAL_4, ...INTERNAL_6]);
  const global = blockList([GLOBAL_6]);
  const exceptions = blockList(allowed);
  return {
    allows(given) {
      const address = unmapped(given);
      const family = isIP(address);
      if (family === 0) return false;
      const type = family === 4 ? 'ipv4' : 'ipv6';
      if (exceptions.check(address, type)) return true;
      return !internal.check(address, type) && (family === 4 || global.check(address, type));
    },
  };
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

/** `::ffff:10.0.0.1` and `::ffff:a00:1` are 10.0.0.1. A zone (`%eth0`) says nothing about the network. */
function unmapped(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const [, dotted] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain) ?? [];
  if (dotted !== undefined) return dotted;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(plain) ?? [];
  if (high === undefined || low === undefined) return plain;
  const bytes = [high, low].flatMap((word) => {
    const value = Number.parseInt(word, 16);
    return [value >> 8, value & 255];
  });
  return bytes.join('.');
}
