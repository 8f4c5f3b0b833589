/** What one authorization gave a client. */
export type Grant = {
  readonly pk: string;
  readonly provider: number;
  readonly user: number;
  readonly session?: string;
  readonly scopes: readonly string[];
  readonly authTime: Date;
  readonly amr: readonly string[];
  readonly nonce?: string;
  readonly isRevoked: boolean;
};

/** What all of them have in common. */
export type StoredToken = { readonly grant: Grant; readonly issued: Date; readonly expires: Date };

/** A code as it is stored. */
export type StoredCode = StoredToken & {
  readonly redirectUri: string;
  readonly challenge?: string;
  readonly challengeMethod?: string;
  readonly isUsed: boolean;
};

/** An access token as it is stored. */
export type StoredAccessToken = StoredToken & { readonly key: string; readonly scopes: readonly string[] };

/** A refresh token as it is stored. */
export type StoredRefreshToken = StoredToken & {
  readonly issuer: string;
  readonly subject: string;
  readonly isUsed: boolean;
};
