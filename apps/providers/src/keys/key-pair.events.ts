import { defineEvent, type Fact, fact } from '@postern/messaging';
import { providers } from '@postern/proto';

const VIEWED = defineEvent(
  'providers.v1.certificate_key_pair.viewed',
  providers.CertificateKeyPairViewed,
  'postern.providers.v1.CertificateKeyPairViewed',
);

/** The fact that somebody looked at a part of a pair. */
export function keyPairViewed({ pk, name }: { pk: string; name: string }, part: 'certificate' | 'private_key'): Fact {
  return fact(VIEWED, { pk, name, part });
}
