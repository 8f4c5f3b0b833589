import { isIP } from 'node:net';

/** How many bits of an address name the network of whoever holds it. */
export type BlockSizes = { readonly ipv4: number; readonly ipv6: number };

/**
 * The network that an address counts with: whoever has one address of it can have the others, too. Undefined for what is no address.
 */
export function blockOf(address: string, { ipv4, ipv6 }: BlockSizes): string | undefined {
  const bytes = bytesOf(address);
  if (bytes === undefined) return undefined;
  const bits = bytes.length === 4 ? ipv4 : ipv6;
  const kept = bytes.map((byte, index) => byte & maskOf(bits - index * 8));
  return `${Buffer.from(kept).toString('hex')}/${bits}`;
}

/** The bytes of an address, 4 or 16; undefined for what is no address. `::ffff:192.0.2.1` is 192.0.2.1, a zone (`%eth0`) says nothing. */
function bytesOf(address: string): readonly number[] | undefined {
  const plain = address.replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 0) return undefined;
  if (family === 4) return plain.split('.').map(Number);
  const bytes = groupsOf(plain).flatMap((group) => [group >> 8, group & 255]);
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return isMapped ? bytes.slice(12) : bytes;
}

/** The eight groups of an IPv6 address. A URL writes every form of one in the same way (RFC 5952). */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const parsed = (text = '') => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [parsed(head), parsed(tail)];
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

/** The first bits of a byte, as a mask. */
function maskOf(bits: number): number {
  if (bits >= 8) return 255;
  return bits <= 0 ? 0 : 256 - 2 ** (8 - bits);
}
