import type { Fact } from '@postern/messaging';
import type { providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import type { OAuth2Client } from '../../clients/index.ts';
import type { Reuse } from '../oauth2.events.ts';
import type { Grant, TokenOrder } from '../tokens/index.ts';
import type { AuthenticationRule } from './client.authentication.ts';

/** A token request of a client that has proven who it is, as far as its grant wants it. */
export type TokenRequest = {
  readonly request: providers.ExchangeTokenRequest;
  readonly client: OAuth2Client;
  /** The key that the request proves to hold: RFC 9449, section 5. */
  readonly proven: { readonly jkt: string } | undefined;
  readonly now: Date;
};

/** What an order has besides what every order has. */
type OrderDetails = Pick<
  TokenOrder,
  | 'isNewGrant'
  | 'scopes'
  | 'tokens'
  | 'audience'
  | 'authorizedParty'
  | 'actor'
  | 'notAfter'
  | 'policyContext'
  | 'facts'
  | 'uses'
  | 'claim'
>;

/** What a grant says to a request. */
export type Redemption =
  /** The client may have tokens, unless it loses the claim. */
  | (OrderDetails & {
      readonly kind: 'granted';
      readonly grant: Grant;
      /** Whose tokens they are: the client that asks, unless it exchanges for another one. */
      readonly recipient?: OAuth2Client;
      /** What to tell when it turns out to be used up. */
      readonly reused?: Reuse;
      /** RFC 8693, section 2.2.1. */
      readonly issuedTokenType?: string;
    })
  /** What works once was used before: everything issued from it is revoked. */
  | { readonly kind: 'reused'; readonly grant: Grant; readonly reused: Reuse }
  /** Refused, and somebody has to know. */
  | { readonly kind: 'reported'; readonly fact: Fact };

/** One way to get tokens. It reads what was presented and throws the errors of RFC 6749, section 5.2; the endpoint does everything else. */
export type GrantHandler = {
  /** How its clients prove who they are. Default: a public one need not. */
  ruleOf?(request: providers.ExchangeTokenRequest): Omit<AuthenticationRule, 'plainStatus'>;
  /** Reads a request that says the same in another place. */
  prepare?(request: providers.ExchangeTokenRequest): providers.ExchangeTokenRequest;
  redeem(ticket: TokenRequest, call: Call): Promise<Redemption>;
};
