import { providers } from '@postern/proto';
import { type FactReader, reads } from './fact.reader.ts';
import { modelOf } from './model.facts.ts';

/** Facts about keys and those who look at them, by payload type. */
export const PROVIDER_FACTS: Readonly<Record<string, FactReader>> = {
  'postern.providers.v1.CertificateKeyPairViewed': reads(
    providers.CertificateKeyPairViewed,
    ({ pk, name, part: type }) => ({
      action: 'secret_view',
      app: 'authentik.crypto.api',
      context: { secret: modelOf('authentik_crypto.certificatekeypair', pk, name), type },
    }),
  ),
};
