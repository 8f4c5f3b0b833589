import { type Database, DEFAULT_TENANT, type EntityManager } from '@postern/database';
import { defineJob, handles, type JobHandler } from '@postern/jobs';
import type { Outbox } from '@postern/messaging';
import { modelFact } from '@postern/resource';
import { type FoundPair, readCertificateFolder } from './certificate-folder.ts';
import { CertificateKeyPairEntity, type CertificateKeyPairRow } from './certificate-key-pair.entity.ts';
import { keyPairs } from './key-pair.resource.ts';
import { readPrivateKey } from './pem.ts';

const DISCOVER = defineJob({ name: 'providers.discover_certificates', attempts: 3, deadlineMs: 120_000 });

const MANAGED = 'goauthentik.io/crypto/discovered/';

export type DiscoveryDeps = {
  readonly db: Pick<Database, 'write'>;
  readonly outbox: Outbox;
  /** Folder to look into; empty for none. */
  readonly folder: string;
};

/** The job that takes in the certificates of a folder of the server, for the default tenant: those of ACME clients are renewed there. */
export function createDiscoveryJob({ db, outbox, folder }: DiscoveryDeps): JobHandler {
  async function take(em: EntityManager, pair: FoundPair): Promise<string> {
    const managed = `${MANAGED}${pair.name}`;
    const known = await em.findOne(CertificateKeyPairEntity, { managed });
    // A pair that serves goes on to serve until both files of the next one are there.
    if (known && (isSame(known, pair) || (pair.isMixed && known.keyData))) return '';
    if (!known && (await em.count(CertificateKeyPairEntity, { name: pair.name })) > 0)
      return `${pair.name}: another pair has this name`;
    const keyType = pair.keyData === null ? null : (readPrivateKey(pair.keyData)?.asymmetricKeyType ?? 'unknown');
    const values = { certificateData: pair.certificateData, keyData: pair.keyData, keyType };
    const row = known ?? em.create(CertificateKeyPairEntity, { name: pair.name, managed, ...values });
    Object.assign(row, values);
    await em.flush();
    const { subject, model } = keyPairs;
    const changed = known ? ['certificate_data', 'key_data'] : [];
    const object = { model, pk: row.pk, name: row.name };
    const fact = modelFact(subject, known ? 'updated' : 'created', object, changed);
    await outbox.record(em, { tenant: DEFAULT_TENANT }, fact);
    return '';
  }

  return handles(
    DISCOVER,
    async (_args, { signal }) => {
      const { pairs, faults } = folder === '' ? { pairs: [], faults: [] } : await readCertificateFolder(folder);
      const messages = [...faults];
      for (const pair of pairs) {
        if (signal.aborted) break;
        const fault = await db.write({ tenant: DEFAULT_TENANT }, (em) => take(em, pair));
        if (fault !== '') messages.push(fault);
      }
      const status = messages.length > 0 ? 'warning' : 'successful';
      return { status, messages: [`Successfully imported ${pairs.length} files.`, ...messages] };
    },
    {
      description: 'Discover, import and update certificates from the filesystem',
      schedule: { cron: '24 * * * *' },
      task: 'certificate_discovery',
    },
  );
}

function isSame(row: CertificateKeyPairRow, { certificateData, keyData }: FoundPair): boolean {
  return row.certificateData === certificateData && (row.keyData ?? null) === keyData;
}
