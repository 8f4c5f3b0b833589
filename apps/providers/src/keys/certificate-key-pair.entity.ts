import { defineEntity, type InferEntity, p, secret, tenantTable } from '@postern/database';

/** A certificate and perhaps its private key. */
export const CertificateKeyPairEntity = defineEntity({
  name: 'CertificateKeyPair',
  tableName: 'certificate_key_pair',
  properties: {
    ...tenantTable(),
    name: p.text(),
    /** The certificate, PEM; perhaps with the chain behind it. */
    certificateData: p.text(),
    /** The private key, PEM; null for a pair that only verifies. */
    keyData: secret('certificate_key_pair.key_data').nullable(),
    /** `rsa`, `ec` and so on, so that lists need not open the key; null without a key. */
    keyType: p.text().nullable(),
    /** Name under which the platform keeps it; null for pairs of people. */
    managed: p.text().nullable(),
  },
});

export type CertificateKeyPairRow = InferEntity<typeof CertificateKeyPairEntity>;
