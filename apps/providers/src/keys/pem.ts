import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** Reads a certificate, PEM; undefined when it is none. Of a chain, the first counts. */
export function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return pem.includes('-----BEGIN CERTIFICATE-----') ? new X509Certificate(pem) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a private key, PEM; undefined when it is none, or is encrypted. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    return undefined;
  }
}

/** The text with every line freed of blanks around it, as people paste it. */
export function tidyPem(pem: string): string {
  const lines = pem.split('\n').map((line) => line.trim());
  return lines.join('\n').trim() === '' ? '' : `${lines.join('\n').trim()}\n`;
}

/** What a certificate says, in the contract's words. */
export type CertificateDetails = {
  readonly fingerprintSha256: string;
  readonly fingerprintSha1: string;
  readonly expiry: Date;
  /** RFC 4514: the last part of the name comes first. */
  readonly subject: string;
};

/** What a certificate says; undefined when it cannot be read. */
export function detailsOf(pem: string): CertificateDetails | undefined {
  const certificate = readCertificate(pem);
  if (!certificate) return undefined;
  const { fingerprint, fingerprint256, validTo, subject } = certificate;
  return {
    fingerprintSha256: fingerprint256.toLowerCase(),
    fingerprintSha1: fingerprint.toLowerCase(),
    expiry: new Date(validTo),
    subject: (subject ?? '').split('\n').reverse().join(','),
  };
}
