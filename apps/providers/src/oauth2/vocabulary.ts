/** Words of the protocol. Imports nothing of ours. */

/** How an answer travels back: OAuth 2.0 Multiple Response Types, section 2.1; Form Post Response Mode, section 2. */
export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

/** What a response type stands for. */
export type ResponseKind = {
  /** Grant that its policies and events speak of. */
  readonly grant: 'authorization_code' | 'implicit' | 'hybrid';
  /** What the authorization endpoint itself issues. */
  readonly issues: readonly ('code' | 'id_token' | 'token')[];
  /** How the answer travels where the client does not say: Multiple Response Types, sections 2.1 and 5. */
  readonly mode: ResponseMode;
  /** Modes that the client may choose: tokens never travel in a query (Multiple Response Types, section 5). */
  readonly modes: readonly ResponseMode[];
};

/** Where tokens may travel: a query ends up in logs and referrers. */
const APART = { mode: 'fragment', modes: ['fragment', 'form_post'] } as const;

/** Response types, in the order that the contract lists them; a type that is absent is refused as unsupported. */
export const RESPONSE_TYPES = {
  code: { grant: 'authorization_code', issues: ['code'], mode: 'query', modes: RESPONSE_MODES },
  id_token: { grant: 'implicit', issues: ['id_token'], ...APART },
  'id_token token': { grant: 'implicit', issues: ['id_token', 'token'], ...APART },
  'code token': { grant: 'hybrid', issues: ['code', 'token'], ...APART },
  'code id_token': { grant: 'hybrid', issues: ['code', 'id_token'], ...APART },
  'code id_token token': { grant: 'hybrid', issues: ['code', 'id_token', 'token'], ...APART },
} as const satisfies Readonly<Record<string, ResponseKind>>;

const KINDS: ReadonlyMap<string, ResponseKind> = new Map(Object.entries(RESPONSE_TYPES));

/** The kind of a response type; undefined when it is not served. */
export function responseKind(type: string): ResponseKind | undefined {
  return KINDS.get(type);
}

/** A response type with its words in the order of the table: they mean the same in any (RFC 6749, section 3.1.1). Unknown ones stay as they are. */
export function responseTypeOf(text: string): string {
  const words = sorted(text);
  return [...KINDS.keys()].find((type) => sorted(type) === words) ?? text;
}

function sorted(type: string): string {
  return type.split(' ').toSorted().join(' ');
}

/** Methods of RFC 7636, section 4.2. */
export const CHALLENGE_METHODS = ['plain', 'S256'] as const;
export type ChallengeMethod = (typeof CHALLENGE_METHODS)[number];

/** What a client may ask of the person: OpenID Connect Core, section 3.1.2.1. Others are passed over. */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** Errors that travel back to the client: RFC 6749, section 4.1.2.1; OpenID Connect Core, section 3.1.2.6; RFC 8707, section 2; RFC 9101, section 7. */
export type AuthorizationErrorCode =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'interaction_required'
  | 'login_required'
  | 'account_selection_required'
  | 'consent_required'
  | 'unmet_authentication_requirements'
  | 'invalid_target'
  | 'invalid_request_uri'
  | 'invalid_request_object'
  | 'request_not_supported'
  | 'request_uri_not_supported';

/** The class of every sign-in. */
export const ACR = 'goauthentik.io/providers/oauth2/default';

/** Lets a client use the API in the person's name. */
export const API_SCOPE = 'goauthentik.io/api';

/** Lets tokens outlive the session: OpenID Connect Core, section 11. */
export const OFFLINE_SCOPE = 'offline_access';

/** Scopes that need no mapping, and what the consent page says of them; an empty text is not shown. */
export const SPECIAL_SCOPES: ReadonlyMap<string, string> = new Map([
  ['openid', ''],
  [OFFLINE_SCOPE, ''],
  ['user', 'GitHub Compatibility: Access your User Information'],
  ['read:user', 'GitHub Compatibility: Access your User Information'],
  ['user:email', 'GitHub Compatibility: Access you Email addresses'],
  ['read:org', 'GitHub Compatibility: Access your Groups'],
]);
