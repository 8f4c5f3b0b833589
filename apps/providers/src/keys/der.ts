/** The part of DER (X.690) that a certificate is written in. Writing only: what others send is read by OpenSSL. */

const tag =
  (id: number) =>
  (...parts: readonly Buffer[]) => {
    const body = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([id]), lengthOf(body.length), body]);
  };

export const sequence = tag(0x30);
export const set = tag(0x31);
export const nothing = tag(0x05)();
export const octets = tag(0x04);
export const boolean = (value: boolean) => tag(0x01)(Buffer.from([value ? 0xff : 0]));
export const utf8 = (text: string) => tag(0x0c)(Buffer.from(text));
export const bits = (bytes: Buffer) => tag(0x03)(Buffer.from([0]), bytes);

/** A field with a context-specific tag; constructed when it holds others. */
export const field = (number: number, isConstructed: boolean) => tag((isConstructed ? 0xa0 : 0x80) + number);

/** A number that is not negative, most significant byte first. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const trimmed = first === -1 ? Buffer.from([0]) : bytes.subarray(first);
  return tag(0x02)((trimmed[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

/** An object identifier such as `2.5.29.17`. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tag(0x06)(Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A time as certificates state it: two digits of the year up to 2049, four from then on (RFC 5280, section 4.1.2.5). */
export function time(at: Date): Buffer {
  const digits = `${at.toISOString().replaceAll(/[-:T]|\..*$/g, '')}Z`;
  const isShort = at.getUTCFullYear() < 2050;
  return tag(isShort ? 0x17 : 0x18)(Buffer.from(isShort ? digits.slice(2) : digits));
}

function base128(value: number): number[] {
  const low = value & 0x7f;
  return value < 128 ? [low] : [...base128(value >> 7).map((byte) => byte | 0x80), low];
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}
