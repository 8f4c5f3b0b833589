import type { EntityManager } from '@postern/database';
import type { Fact } from '@postern/messaging';
import type { providers } from '@postern/proto';
import type { OAuth2Client } from '../../clients/index.ts';
import type { Grant } from '../tokens/index.ts';

/** A token request of a client that has proven who it is. */
export type TokenRequest = {
  readonly request: providers.ExchangeTokenRequest;
  readonly client: OAuth2Client;
  readonly now: Date;
};

/** What a grant says to a request. */
export type Redemption =
  /** The client may have tokens, unless it loses the claim. */
  | {
      readonly kind: 'granted';
      readonly grant: Grant;
      /** Scopes of the access token. */
      readonly scopes: readonly string[];
      readonly withRefreshToken: boolean;
      /** Uses up what was presented. False when somebody else was faster. */
      claim(em: EntityManager, now: Date): Promise<boolean>;
      /** What to tell when it turns out to be used up. */
      readonly reused: Fact;
    }
  /** What works once was used before: everything issued from it is revoked. */
  | { readonly kind: 'reused'; readonly grant: Grant; readonly reused: Fact }
  /** Refused, and somebody has to know. */
  | { readonly kind: 'reported'; readonly fact: Fact };

/** One way to get tokens. It reads what was presented and throws the errors of RFC 6749, section 5.2; the endpoint does everything else. */
export type GrantHandler = (ticket: TokenRequest, em: EntityManager) => Promise<Redemption>;
