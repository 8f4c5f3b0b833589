import type { EntityManager } from '@postern/database';
import type { Fact } from '@postern/messaging';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import type { Grant } from './stored-token.ts';

/** Claims, as they stand in a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Tokens that a client asks for, with what entitles it to them. */
export type TokenOrder = {
  readonly client: OAuth2Client;
  readonly issuer: string;
  readonly grant: Grant;
  /** The grant is given now: it is stored along with what hangs off it. */
  readonly isNewGrant?: boolean;
  /** Scopes of the access token. */
  readonly scopes: readonly string[];
  readonly grantType: string;
  /**
   * Which tokens to issue. Default: an access token, an id token where the scopes have `openid`, and no refresh token: none comes out of a grant
   * without a person. An id token takes `openid` whatever this says.
   */
  readonly tokens?: { readonly access?: boolean; readonly id?: boolean; readonly refresh?: boolean };
  /** Code that goes to the client beside the id token, which carries its hash: OpenID Connect Core, section 3.3.2.11. */
  readonly codeForHash?: string;
  /** Who the access token is for (RFC 8707, section 2), a resource or another client. Default: the client. The id token is always for the client. */
  readonly audience?: readonly string[];
  /** Client that the access token is for the use of, where that is not the client of the order. */
  readonly authorizedParty?: string;
  /** Thumbprint of the key that the tokens are bound to: RFC 9449, section 6. */
  readonly confirmation?: { readonly jkt: string };
  /** Who acts for the person: RFC 8693, section 4.1. */
  readonly actor?: Claims;
  /** Claims that the id token carries besides those of the scopes. They replace none that a client decides by. */
  readonly extraClaims?: Claims;
  /** The access token ends no later than this. */
  readonly notAfter?: Date;
  /** The id token carries the claims of the scopes whatever the client's settings say: OpenID Connect Core, section 5.4. */
  readonly hasAllClaims?: boolean;
  /** What policies may look at besides scopes and grant. */
  readonly policyContext?: Readonly<Record<string, unknown>>;
  /** What else to tell when the tokens are stored. */
  readonly facts?: readonly Fact[];
  /** Hash of the refresh token that entitles the client. It is used up in the transaction that stores the tokens; somebody else may be faster. */
  readonly uses?: string;
  /** Uses up anything else that entitles the client, in the transaction that stores the tokens. False stores nothing. */
  claim?(em: EntityManager, now: Date): Promise<boolean>;
};

/** Tokens, as the client gets them; nothing else has them in clear. */
export type IssuedTokens = {
  /** Unset where none was ordered. */
  readonly accessToken?: string;
  readonly tokenType: 'Bearer' | 'DPoP';
  readonly refreshToken?: string;
  readonly idToken?: string;
  /** Seconds. */
  readonly expiresIn: number;
};

/** Issues every token. Undefined when the claim was lost to somebody else. Throws INVALID_GRANT when the gate is shut. */
export type TokenIssuer = (order: TokenOrder, call: Call) => Promise<IssuedTokens | undefined>;
