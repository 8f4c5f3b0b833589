import type { ClaimWishes } from '../claims/index.ts';

/** What one authorization gave a client. */
export type Grant = {
  readonly pk: string;
  readonly provider: number;
  readonly user: number;
  /** Session that it ends with; unset for one that outlives its session. */
  readonly session?: string;
  /** Session that it was given in, also where it outlives it. */
  readonly givenIn?: string;
  /** What the client calls that session: the `sid` of its id tokens. */
  readonly sid?: string;
  /** Issuer of its tokens, as far as it is known when it is given. */
  readonly issuer?: string;
  readonly scopes: readonly string[];
  readonly authTime: Date;
  readonly amr: readonly string[];
  readonly nonce?: string;
  /** Audiences of access tokens that were granted: RFC 8707, section 2.1. Unset where none was asked for. */
  readonly resources?: readonly string[];
  /** Claims that the client asked for by name in its id tokens: OpenID Connect Core, section 5.5. */
  readonly idClaims?: ClaimWishes;
  /** Grant whose token this one was exchanged for (RFC 8693): it ends with it. */
  readonly parent?: string;
  readonly isRevoked: boolean;
};

/** What all of them have in common. */
export type StoredToken = { readonly grant: Grant; readonly issued: Date; readonly expires: Date };

/** A code as it is stored. */
export type StoredCode = StoredToken & {
  readonly redirectUri: string;
  readonly challenge?: string;
  readonly challengeMethod?: string;
  /** Thumbprint of the key that has to be shown with it: RFC 9449, section 10. */
  readonly jkt?: string;
  readonly isUsed: boolean;
};

/** An access token as it is stored. */
export type StoredAccessToken = StoredToken & { readonly key: string; readonly scopes: readonly string[] };

/** A refresh token as it is stored. */
export type StoredRefreshToken = StoredToken & {
  readonly issuer: string;
  readonly subject: string;
  /** Thumbprint of the key that has to be shown with it: RFC 9449, section 5. */
  readonly jkt?: string;
  readonly isUsed: boolean;
};
