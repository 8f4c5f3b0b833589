import { custom, defineList, exact, type PlainRow, referable } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { providers } from '@postern/proto';
import type { Resource } from '@postern/resource';
import { CertificateKeyPairEntity, type CertificateKeyPairRow } from './certificate-key-pair.entity.ts';
import { detailsOf, readPrivateKey, tidyPem } from './pem.ts';

/** What somebody hears who chooses a name that is taken. */
export const NAME_TAKEN = 'Certificate-Key Pair with this name already exists.';

const PATH = '/api/v3/crypto/certificatekeypairs';

/** The resource: what people may do with a pair through the standard methods. */
export const keyPairs: Resource<CertificateKeyPairRow, providers.CertificateKeyPair> = {
  model: 'authentik_crypto.certificatekeypair',
  type: 'postern.providers.v1.CertificateKeyPair',
  subject: 'providers.v1.certificate_key_pair',
  entity: CertificateKeyPairEntity,
  list: defineList({
    entity: CertificateKeyPairEntity,
    filters: {
      name: exact('name'),
      managed: exact('managed'),
      // `false` does not filter, as the contract has it.
      has_key: custom((value) => (String(value).toLowerCase() === 'true' ? { keyData: { $ne: null } } : undefined)),
    },
    search: ['name'],
    ordering: { name: 'name', managed: 'managed' },
    defaultOrder: ['name'],
  }),
  fields: {
    name: 'name',
    certificate_data: (row, pem) => {
      row.certificateData = tidyPem(pem);
    },
    key_data: (row, pem) => {
      row.keyData = tidyPem(pem) || null;
      row.keyType = row.keyData ? (readPrivateKey(row.keyData)?.asymmetricKeyType ?? 'unknown') : null;
    },
  },
  title: ({ name }) => name,
  encode: (rows) => rows.map(encodeKeyPair),
  constraints: {
    certificate_key_pair__name_key: () => invalidField('name', NAME_TAKEN, 'KEY_PAIR_NAME_TAKEN'),
  },
};

/** What others refer to. */
export const referableKeyPairs = referable(keyPairs);

/** A pair without what stands in its certificate and key. */
export function withoutDetails(pair: providers.CertificateKeyPair): providers.CertificateKeyPair {
  return {
    ...pair,
    fingerprint_sha256: undefined,
    fingerprint_sha1: undefined,
    cert_expiry: undefined,
    cert_subject: undefined,
    private_key_type: undefined,
  };
}

/** A pair as the API shows it: the texts of certificate and key are never part of it. */
export function encodeKeyPair(row: PlainRow<CertificateKeyPairRow>): providers.CertificateKeyPair {
  const { pk, name, managed, keyType, certificateData } = row;
  const details = detailsOf(certificateData);
  return {
    pk,
    name,
    managed: managed ?? undefined,
    fingerprint_sha256: details?.fingerprintSha256,
    fingerprint_sha1: details?.fingerprintSha1,
    cert_expiry: details?.expiry.toISOString(),
    cert_subject: details?.subject,
    private_key_available: keyType != null,
    private_key_type: keyType ?? undefined,
    certificate_download_url: `${PATH}/${pk}/view_certificate/?download`,
    private_key_download_url: `${PATH}/${pk}/view_private_key/?download`,
    certificate_data: '',
    key_data: '',
  };
}
