/**
 * Certificates and the private keys that belong to them: kept, generated, shown only to those who may see them, and read for whoever signs.
 * Private keys are encrypted at rest. People see one through a single RPC, which needs a permission of its own and is recorded; the gateway reads
 * those that it opens connections with (decision 278).
 */

export { CertificateKeyPairEntity, type CertificateKeyPairRow } from './certificate-key-pair.entity.ts';
export { createDiscoveryJob } from './discovery.job.ts';
export { SELF_SIGNED, seedKeyPair } from './key-pair.operations.ts';
export { referableKeyPairs } from './key-pair.resource.ts';
export { createKeyPairRpc } from './key-pair.rpc.ts';
export { createServingPairRpc } from './serving-pair.rpc.ts';
export { createSigningKeys, type SigningKey, type SigningKeys } from './signing-key.ts';
