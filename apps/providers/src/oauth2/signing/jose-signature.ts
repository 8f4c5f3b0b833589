/**
 * The two numbers of an ECDSA signature one after the other, as tokens carry them (RFC 7518, section 3.4), out of the DER that they are made in: asking
 * Node for this form costs as much as the signature itself.
 *
 * @param size bytes of one number: 32, 48 or 66 for P-256, P-384 or P-521
 */
export function joseSignature(der: Buffer, size: number): Buffer {
  const numbers = Buffer.alloc(2 * size);
  // The head of the sequence; for P-521 its length takes a byte more.
  let at = der.readUInt8(1) > 0x80 ? 3 : 2;
  for (const end of [size, 2 * size]) {
    const start = at + 2;
    at = start + der.readUInt8(at + 1);
    // A number has no leading zeros but the one that keeps it positive.
    const from = Math.max(start, at - size);
    der.copy(numbers, end - (at - from), from, at);
  }
  return numbers;
}
