import { type Database, type EntityManager, isUuid } from '@postern/database';
import { common } from '@postern/errors';
import { providers } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { CertificateKeyPairEntity, type CertificateKeyPairRow } from './certificate-key-pair.entity.ts';
import { SELF_SIGNED } from './key-pair.operations.ts';
import { readCertificate, readPrivateKey } from './pem.ts';

/** Hands the gateway the pairs that its HTTPS server shows. Looking is not recorded: nobody looks. */
export function createServingPairRpc({ db }: { db: Pick<Database, 'read'> }): BoundService {
  return bind(providers.ServingPairServiceDefinition, {
    async readServingPair({ key_pair }, { context }) {
      const pair = await db.read(context, (em) => findPair(em, key_pair));
      if (!pair?.keyData || !belongTogether(pair.certificateData, pair.keyData)) throw common.NOT_FOUND();
      return { certificate: pair.certificateData, private_key: pair.keyData };
    },
  });
}

async function findPair(em: EntityManager, key: string): Promise<CertificateKeyPairRow | undefined> {
  if (key !== '' && !isUuid(key)) return undefined;
  const wanted = key === '' ? { name: SELF_SIGNED } : { pk: key };
  return (await em.findOne(CertificateKeyPairEntity, wanted)) ?? undefined;
}

/** Writing checks it, too; rows of older releases and of hands in the database come unchecked. */
function belongTogether(certificate: string, key: string): boolean {
  const privateKey = readPrivateKey(key);
  return privateKey !== undefined && readCertificate(certificate)?.checkPrivateKey(privateKey) === true;
}
