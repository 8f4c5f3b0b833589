import { type Database, type EntityManager, getOr404, seedId } from '@postern/database';
import { invalidField } from '@postern/errors';
import type { Outbox } from '@postern/messaging';
import type { providers } from '@postern/proto';
import { eventContext } from '@postern/resource';
import type { Call } from '@postern/rpc';
import { randomText } from '../random/index.ts';
import { CertificateKeyPairEntity, type CertificateKeyPairRow } from './certificate-key-pair.entity.ts';
import { keyPairViewed } from './key-pair.events.ts';
import { NAME_TAKEN } from './key-pair.resource.ts';
import { alternativeNamesOf } from './key-pair.rules.ts';
import { makeSelfSigned, type Pair } from './self-signed.ts';

type Clock = { now(): Date };

const DAY = 86_400_000;
const MODEL = 'authentik_crypto.certificatekeypair';

/** Name of the pair that every tenant starts with; clients of the contract look it up by this name. */
export const SELF_SIGNED = 'authentik Self-signed Certificate';

/** Makes the certificate that a request asks for. Valid since yesterday, so that clocks that lag accept it. */
export function generatePair(request: providers.GenerateCertificateKeyPairRequest, { now }: Clock): Promise<Pair> {
  const { common_name, subject_alt_name, validity_days } = request;
  const today = now().getTime();
  return makeSelfSigned({
    commonName: common_name,
    alternativeNames: alternativeNamesOf(subject_alt_name),
    validFrom: new Date(today - DAY),
    validTo: new Date(today + validity_days * DAY),
  });
}

/** Throws a field error for a name that is taken: nobody should wait for a key that cannot be kept. */
export async function requireFreeName(db: Pick<Database, 'read'>, name: string, call: Call): Promise<void> {
  const taken = await db.read(call.context, (em) => em.count(CertificateKeyPairEntity, { name }));
  if (taken > 0) throw invalidField('common_name', NAME_TAKEN, 'KEY_PAIR_NAME_TAKEN');
}

/** Reads a pair for somebody who looks at its text, and records that they did. Throws NOT_FOUND. */
export function lookAt(
  { db, outbox }: { db: Database; outbox: Outbox },
  key: string,
  part: 'certificate' | 'private_key',
  call: Call,
): Promise<CertificateKeyPairRow> {
  return db.write(call.context, async (em) => {
    const row = await getOr404(em, CertificateKeyPairEntity, key);
    await outbox.record(em, eventContext(call), keyPairViewed(row, part));
    return row;
  });
}

/** Makes sure that a tenant has a pair to sign with; RSA 2048, because a start must not wait for more (decision 81). */
export async function seedKeyPair(tenant: string, em: EntityManager, clock: Clock): Promise<void> {
  const found = await em.count(CertificateKeyPairEntity, { name: SELF_SIGNED });
  if (found > 0) return;
  const today = clock.now().getTime();
  const pair = await makeSelfSigned({
    commonName: SELF_SIGNED,
    alternativeNames: [`${randomText(40)}.self-signed.goauthentik.io`],
    validFrom: new Date(today - DAY),
    validTo: new Date(today + 365 * DAY),
    bits: 2_048,
  });
  const pk = seedId(tenant, MODEL, SELF_SIGNED);
  const isFree = (await em.count(CertificateKeyPairEntity, { pk })) === 0;
  em.create(CertificateKeyPairEntity, { ...(isFree ? { pk } : {}), name: SELF_SIGNED, ...pair, keyType: 'rsa' });
  await em.flush();
}
