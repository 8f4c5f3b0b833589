import { invalidFields, type Violation } from '@postern/errors';
import type { providers } from '@postern/proto';
import { readCertificate, readPrivateKey, tidyPem } from './pem.ts';

/** Longest validity that a certificate is made for: a hundred years. */
const MAX_DAYS = 36_500;
/** RFC 5280, appendix A: ub-common-name. */
const MAX_COMMON_NAME = 64;
const DNS_NAME = /^[\x21-\x7e]{1,253}$/;

/** What a pair holds already: what the mask does not name stays. */
export type StoredTexts = { readonly certificateData: string; readonly keyData?: string | null };

/**
 * Throws field errors for texts that OpenSSL cannot read, and for a key that is not that of the certificate. Only the fields that the mask names
 * are looked at.
 */
export function checkKeyPair(
  pair: providers.CertificateKeyPair,
  mask: readonly string[] | undefined,
  stored: StoredTexts = { certificateData: '' },
): void {
  const isMeant = (field: string) => mask?.includes(field) ?? true;
  const violations: Violation[] = [];
  const text = isMeant('certificate_data') ? tidyPem(pair.certificate_data) : stored.certificateData;
  const certificate = readCertificate(text);
  if (isMeant('certificate_data') && !certificate)
    violations.push(broken('certificate_data', 'Unable to load certificate.', 'CERTIFICATE_UNREADABLE'));
  const key = isMeant('key_data') ? tidyPem(pair.key_data) : (stored.keyData ?? '');
  const privateKey = key === '' ? undefined : readPrivateKey(key);
  if (isMeant('key_data') && key !== '' && !privateKey)
    violations.push(broken('key_data', 'Unable to load private key (possibly encrypted?).', 'PRIVATE_KEY_UNREADABLE'));
  if (certificate && privateKey && !certificate.checkPrivateKey(privateKey))
    violations.push(
      broken(
        isMeant('key_data') ? 'key_data' : 'certificate_data',
        'The private key does not belong to the certificate.',
        'KEY_PAIR_MISMATCHED',
      ),
    );
  if (violations.length > 0) throw invalidFields(violations);
}

/** Throws field errors for a certificate that could not be made. */
export function checkGeneration(request: providers.GenerateCertificateKeyPairRequest): void {
  const { common_name, validity_days, subject_alt_name } = request;
  const violations: Violation[] = [];
  if (validity_days < 1) violations.push(broken('validity_days', 'Ensure this value is greater than or equal to 1.'));
  if (validity_days > MAX_DAYS)
    violations.push(broken('validity_days', `Ensure this value is less than or equal to ${MAX_DAYS}.`));
  if (Buffer.byteLength(common_name) > MAX_COMMON_NAME)
    violations.push(broken('common_name', `Ensure this field has no more than ${MAX_COMMON_NAME} characters.`));
  const wrong = alternativeNamesOf(subject_alt_name).find((name) => !DNS_NAME.test(name));
  if (wrong !== undefined) violations.push(broken('subject_alt_name', `"${wrong}" is not a DNS name.`));
  if (violations.length > 0) throw invalidFields(violations);
}

/** The names of `a.example, b.example`. */
export function alternativeNamesOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function broken(field: string, description: string, reason = 'INVALID'): Violation {
  return { field, description, reason };
}
