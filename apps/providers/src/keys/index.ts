/** Certificates and the private keys that belong to them. */

export { CertificateKeyPairEntity, type CertificateKeyPairRow } from './certificate-key-pair.entity.ts';
export { createSigningKeys, type SigningKey, type SigningKeys } from './signing-key.ts';
