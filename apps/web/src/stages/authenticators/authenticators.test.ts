import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { grouped, parseOtpAuth } from './otpauth.ts';
import { qrPath } from './qr-code.tsx';
import { troubleOf } from './webauthn.ceremony.ts';

it('draws every dark module of a QR code, and no other', () => {
  const { data, size } = encode('otpauth://totp/Postern%3Aada?secret=JBSWY3DPEHPK3PXP', { ecc: 'M', border: 0 });
  const drawn = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  for (const [, x, y, width] of qrPath(data).matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    drawn[Number(y) - 4]?.fill(true, Number(x) - 4, Number(x) - 4 + Number(width));
  }
  expect(drawn).toEqual(data);
});

it('reads secret and digits of an address, and groups the secret', () => {
  expect(parseOtpAuth('otpauth://totp/A%3Ab?secret=JBSWY3DP&digits=8')).toEqual({ secret: 'JBSWY3DP', digits: 8 });
  expect(parseOtpAuth('nonsense')).toEqual({ secret: '', digits: 6 });
  expect(grouped('JBSWY3DPE')).toBe('JBSW Y3DP E');
});

it('tells a refusal by the person from a key that does not work', () => {
  expect(['NotAllowedError', 'InvalidStateError', 'UnknownError', 'constructor'].map(troubleOf)).toEqual([
    'cancelled',
    'known',
    'failed',
    'failed',
  ]);
});
