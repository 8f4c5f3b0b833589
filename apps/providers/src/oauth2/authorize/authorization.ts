import type { OAuth2Client } from '../../clients/index.ts';
import type { AuthorizationErrorCode, ChallengeMethod, Prompt, ResponseKind, ResponseMode } from '../vocabulary.ts';

/** The parameters of an authorization request, parsed once. What is absent is undefined. */
export type Parameters = {
  readonly responseType: string;
  /** Undefined for a type that is not served. */
  readonly kind?: ResponseKind;
  /** What the client asks for, else what its response type implies. */
  readonly mode: ResponseMode;
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
  readonly request?: string;
  readonly requestUri?: string;
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
  /** Path and query that come back here after a sign-in. */
  readonly here: string;
};

/** How a step ends an authorization. */
export type Outcome =
  /** Back to the client, with an error. */
  | { readonly kind: 'refused'; readonly error: AuthorizationErrorCode; readonly description: string }
  /** To a page of ours. */
  | { readonly kind: 'redirect'; readonly url: string };

/** An authorization that waits for a flow. */
export type PendingAuthorization = {
  readonly responseType: string;
  readonly mode: ResponseMode;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state?: string;
  readonly nonce?: string;
  readonly challenge?: string;
  readonly challengeMethod?: ChallengeMethod;
  readonly prompts: readonly Prompt[];
  readonly maxAge?: number;
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
export function refused(error: AuthorizationErrorCode, description: string): Outcome {
  return { kind: 'refused', error, description };
}
