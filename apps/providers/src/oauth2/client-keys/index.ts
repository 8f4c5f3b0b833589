/** Public keys of clients, and what they sign with them: assertions, request objects. Their servers are called through `@postern/egress` alone. */

export { keysOf, SIGNING_ALGS } from './key-set.ts';
export { createRemoteKeys, type RemoteKeys } from './remote-keys.ts';
export { createVerifyOfClient, headerOf, type Signed, type VerifyOfClient, verifyBy } from './verify.ts';
