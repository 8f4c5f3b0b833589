import type { Database, EntityManager } from '@postern/database';
import { hidden } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { CertificateKeyPairEntity } from '../keys/index.ts';
import { OAuthSourceEntity } from '../sources/index.ts';

type Reader = (em: EntityManager, keys: readonly string[]) => Promise<hidden.HiddenValue[]>;

/** The models that hide something, and how it is read. */
const READERS: Readonly<Record<string, Reader>> = {
  async 'authentik_crypto.certificatekeypair'(em, keys) {
    const rows = await em.find(CertificateKeyPairEntity, { pk: { $in: [...keys] } });
    return rows.flatMap(({ pk: key, certificateData, keyData }) => [
      { key, field: 'certificate_data', value: certificateData, public: keyData === null },
      { key, field: 'key_data', value: keyData ?? '', public: false },
    ]);
  },
  async 'authentik_sources_oauth.oauthsource'(em, keys) {
    const rows = await em.find(OAuthSourceEntity, { pk: { $in: [...keys] } });
    return rows.map(({ pk: key, consumerSecret: value }) => ({ key, field: 'consumer_secret', value, public: false }));
  },
};

/** Implements the reading of hidden values, for services of the platform alone. */
export function createHiddenValueRpc({ db }: { db: Pick<Database, 'read'> }): BoundService {
  return bind(hidden.HiddenValueServiceDefinition, {
    async readHiddenValues({ model, keys }, { context }) {
      const reader = Object.hasOwn(READERS, model) ? READERS[model] : undefined;
      return { values: reader ? await db.read(context, (em) => reader(em, keys)) : [] };
    },
  });
}
