/** Claims that we put into cookies and read back: signed by this installation, and worth nothing to anybody else. */

export { type ClaimSigner, createClaimSigner } from './signed.claims.ts';
