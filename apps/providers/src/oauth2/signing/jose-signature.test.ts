import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { joseSignature } from './jose-signature.ts';

it.each([
  ['P-256', 'sha256', 32],
  ['P-384', 'sha384', 48],
  ['P-521', 'sha512', 66],
] as const)(
  'writes signatures of %s as tokens carry them, however short their numbers are',
  (namedCurve, digest, size) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    // About one number in 128 is short.
    for (let round = 0; round < 300; round += 1) {
      const data = Buffer.from(`claims ${round}`);
      const signature = joseSignature(sign(digest, data, privateKey), size);
      expect(signature).toHaveLength(2 * size);
      expect(verify(digest, data, key, signature)).toBe(true);
    }
  },
);
