import { createHash } from 'node:crypto';
import type { SigningKey } from '../../keys/index.ts';

/** A public key as key sets show it: RFC 7517, sections 4.5 to 4.9, with the certificate it belongs to. */
export function publicJwk({ publicKey, kid, alg, certificateData, certificate }: SigningKey): Record<string, unknown> {
  const { kty, ...parameters } = publicKey.export({ format: 'jwk' });
  const digest = (name: string) => createHash(name).update(certificate.raw).digest('base64url');
  return {
    kid,
    kty,
    alg,
    use: 'sig',
    ...parameters,
    x5c: chainOf(certificateData),
    x5t: digest('sha1'),
    'x5t#S256': digest('sha256'),
  };
}

/** The certificate and its chain as base64 without line ends. */
function chainOf(pem: string): string[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, body = '']) => body.replaceAll(/\s/g, ''));
}
