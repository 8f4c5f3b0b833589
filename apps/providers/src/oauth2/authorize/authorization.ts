import type { OAuth2Client } from '../../clients/index.ts';
import type { ClaimWishes } from '../claims/index.ts';
import type { AuthorizationErrorCode, ChallengeMethod, Prompt, ResponseKind, ResponseMode } from '../vocabulary.ts';
import type { AuthorizationRequest } from './request.ts';

/** The parameters of an authorization request, parsed once. What is absent is undefined. */
export type Parameters = {
  readonly responseType: string;
  /** Undefined for a type that is not served. */
  readonly kind?: ResponseKind;
  /** What the client asks for, else what its response type implies. */
  readonly mode: ResponseMode;
  /** The client asks for a mode that its response type forbids: nothing travels by it, an error neither. */
  readonly isModeWrong?: boolean;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state?: string;
  readonly nonce?: string;
  readonly challenge?: string;
  /** As sent. */
  readonly challengeMethod?: string;
  readonly prompts: readonly Prompt[];
  /** Seconds; NaN for what is no number of seconds. */
  readonly maxAge?: number;
  readonly loginHint?: string;
  readonly idTokenHint?: string;
  readonly uiLocales?: string;
  /** Claims that are asked for one by one; `malformed` for what cannot be read. */
  readonly claims?: RequestedClaims | 'malformed';
  readonly resources: readonly string[];
  /** Thumbprint of the key that the code will be redeemed with. */
  readonly jkt?: string;
  /** Name of a parameter that came twice, or holds what no text may hold. */
  readonly broken?: string;
};

/** What a client asks to be told, one by one: OpenID Connect Core, section 5.5. */
export type RequestedClaims = { readonly idToken: ClaimWishes; readonly userInfo: ClaimWishes };

/** How a request came. */
export type Provenance = {
  /** Its client pushed it and proved who it is: RFC 9126. */
  readonly isPushed: boolean;
  /** Its client signed it: RFC 9101. */
  readonly isSigned: boolean;
  /** When somebody was sent to sign in for it, where that was so: RFC 3339. */
  readonly since?: string;
};

/** Who asks, as far as the browser's session says. */
export type Visitor = {
  readonly tenant: string;
  readonly session?: string;
  /** Key of the user who is signed in. */
  readonly user?: number;
};

/** An authorization request whose client and address to go back to are proven. */
export type Authorization = {
  readonly parameters: Parameters;
  readonly client: OAuth2Client;
  readonly visitor: Visitor;
  /** Scopes that will be granted. */
  readonly scopes: readonly string[];
  readonly provenance: Provenance;
  /** As it counts, for whom it has to wait. */
  readonly request: AuthorizationRequest;
  /** When it came in; a sign-in after that is one that was made for it. */
  readonly started: Date;
};

/** How a step ends an authorization. */
export type Outcome =
  /** Back to the client, with an error. */
  | Refusal
  /** Somebody signs in first, and comes back. */
  | { readonly kind: 'sign_in' };

/** An error for the client. */
export type Refusal = {
  readonly kind: 'refused';
  readonly error: AuthorizationErrorCode;
  readonly description: string;
};

/** An authorization that waits for a flow. */
export type PendingAuthorization = {
  readonly responseType: string;
  readonly mode: ResponseMode;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** What the client asked for, where it was more. */
  readonly asked?: readonly string[];
  readonly state?: string;
  readonly nonce?: string;
  readonly challenge?: string;
  readonly challengeMethod?: ChallengeMethod;
  readonly jkt?: string;
  readonly prompts: readonly Prompt[];
  readonly maxAge?: number;
  readonly resources?: readonly string[];
  /** Claims that the id token shall carry. */
  readonly idClaims?: ClaimWishes;
  /** The only people it is for, by the names that the client knows them by. */
  readonly subjects?: readonly string[];
  /** Session that the flow was started in. */
  readonly session: string;
  readonly issuer: string;
  /** When it came in, RFC 3339. */
  readonly started: string;
  /** Where it came from, for events. */
  readonly from: {
    readonly address: string;
    readonly user_agent: string;
    readonly host: string;
    readonly path: string;
  };
};

/** Refuses an authorization, in the words of the protocol. */
export function refused(error: AuthorizationErrorCode, description: string): Refusal {
  return { kind: 'refused', error, description };
}
