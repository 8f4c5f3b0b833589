import { type Database, getOr404 } from '@postern/database';
import type { Outbox } from '@postern/messaging';
import { providers } from '@postern/proto';
import { type ResourceDeps, standardMethods } from '@postern/resource';
import { type BoundService, bind, type Call } from '@postern/rpc';
import { CertificateKeyPairEntity } from './certificate-key-pair.entity.ts';
import { generatePair, lookAt, requireFreeName } from './key-pair.operations.ts';
import { keyPairs, withoutDetails } from './key-pair.resource.ts';
import { checkGeneration, checkKeyPair } from './key-pair.rules.ts';

export type KeyPairDeps = ResourceDeps & { db: Database; outbox: Outbox; clock: { now(): Date } };

/** Implements the service of certificates and keys. */
export function createKeyPairRpc(deps: KeyPairDeps): BoundService {
  const methods = standardMethods(deps, keyPairs);

  async function create(pair: providers.CertificateKeyPair | undefined, call: Call) {
    if (pair) checkKeyPair(pair, undefined);
    return methods.create(pair, call);
  }

  return bind(providers.CertificateKeyPairServiceDefinition, {
    async listCertificateKeyPairs(request, call) {
      const { pagination, results } = await methods.list(request, call);
      return { pagination, results: request.include_details === false ? results.map(withoutDetails) : results };
    },
    createCertificateKeyPair: ({ certificate_key_pair }, call) => create(certificate_key_pair, call),
    async getCertificateKeyPair({ kp_uuid }, call) {
      const pair = await methods.get(kp_uuid, call);
      // The contract's list alone declares the parameter; its clients send it here, too.
      const details = new URLSearchParams(call.context.client.query).get('include_details');
      return details?.toLowerCase() === 'false' ? withoutDetails(pair) : pair;
    },
    async updateCertificateKeyPair({ kp_uuid, certificate_key_pair, update_mask }, call) {
      const stored = await deps.db.read(call.context, (em) => getOr404(em, CertificateKeyPairEntity, kp_uuid));
      if (certificate_key_pair) checkKeyPair(certificate_key_pair, update_mask, stored);
      return methods.update(kp_uuid, certificate_key_pair, update_mask, call);
    },
    deleteCertificateKeyPair: ({ kp_uuid }, call) => methods.remove(kp_uuid, call),
    listCertificateKeyPairUsedBy: ({ kp_uuid }, call) => methods.usedBy(kp_uuid, call),
    async generateCertificateKeyPair(request, call) {
      checkGeneration(request);
      await requireFreeName(deps.db, request.common_name, call);
      const { certificateData, keyData } = await generatePair(request, deps.clock);
      const pair = { name: request.common_name, certificate_data: certificateData, key_data: keyData };
      return create(providers.CertificateKeyPair.fromPartial(pair), call);
    },
    async viewCertificate({ kp_uuid }, call) {
      const { name, certificateData } = await lookAt(deps, kp_uuid, 'certificate', call);
      return textOf(call, `${name}_certificate.pem`, certificateData);
    },
    async viewPrivateKey({ kp_uuid }, call) {
      const { name, keyData } = await lookAt(deps, kp_uuid, 'private_key', call);
      return textOf(call, `${name}_private_key.pem`, keyData ?? '');
    },
  });
}

/** A PEM text as JSON, or as a file where the address asks for `download`, whatever its value. */
function textOf(
  { context, response }: Call,
  file: string,
  data: string,
): { content_type: string; data: Buffer; extensions: [] } {
  response.header('cache-control', 'no-store');
  const isFile = new URLSearchParams(context.client.query).has('download');
  if (!isFile) return { content_type: 'application/json', data: Buffer.from(JSON.stringify({ data })), extensions: [] };
  const name = file.replaceAll(/[^\w .-]/g, '_');
  response.header('content-disposition', `attachment; filename="${name}"`);
  return {
    content_type: 'application/x-pem-file',
    // A pair without a key has an empty line for one: a file of no bytes looks like a failed download.
    data: Buffer.from(data || '\n'),
    extensions: [],
  };
}
