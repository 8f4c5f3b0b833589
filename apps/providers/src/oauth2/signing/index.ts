/** Signing tokens, and the public keys that verify them. */

export { PublishedKeyEntity } from './published-key.entity.ts';
export { createPublishedKeys, type PublishedKeys } from './published-keys.ts';
export { type Signer, sign, signerOf, userInfoSignerOf } from './signer.ts';
