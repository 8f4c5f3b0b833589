import type { AuthorizationErrorCode, ResponseMode } from '../vocabulary.ts';

/** Where an answer goes, and how. */
export type Destination = {
  readonly redirectUri: string;
  readonly mode: ResponseMode;
  readonly state?: string;
  /** Goes along, so that a client of several servers sees who answers: RFC 9207, section 2. */
  readonly issuer: string;
};

/** An answer of the authorization endpoint. */
export type Answer =
  | { readonly kind: 'redirect'; readonly url: string }
  | { readonly kind: 'form_post'; readonly url: string; readonly fields: Readonly<Record<string, string>> };

/** What a client gets from this endpoint. */
export type Issued = {
  readonly code?: string;
  readonly idToken?: string;
  readonly token?: {
    readonly value: string;
    readonly type: string;
    readonly expiresIn: number;
    readonly scope?: string;
  };
};

/** RFC 6749, sections 4.1.2 and 4.2.2; OpenID Connect Core, sections 3.2.2.5 and 3.3.2.5: in the order that the contract gives them. */
export function issuedAnswer(destination: Destination, { code, idToken, token }: Issued): Answer {
  return answer(destination, {
    ...(token && { access_token: token.value }),
    ...(idToken !== undefined && { id_token: idToken }),
    ...(code !== undefined && { code }),
    ...(token && { token_type: token.type, expires_in: String(token.expiresIn) }),
    ...(token?.scope !== undefined && { scope: token.scope }),
  });
}

/** RFC 6749, section 4.1.2.1. */
export function errorAnswer(destination: Destination, error: AuthorizationErrorCode, description: string): Answer {
  return answer(destination, { error, error_description: description });
}

function answer(destination: Destination, own: Readonly<Record<string, string>>): Answer {
  const { redirectUri, mode, state, issuer } = destination;
  const fields = { ...own, ...(state === undefined ? {} : { state }), iss: issuer };
  if (mode === 'form_post') return { kind: 'form_post', url: redirectUri, fields };
  return { kind: 'redirect', url: addressOf(redirectUri, mode, fields) };
}

/** The address with its own query kept as it is: RFC 6749, section 3.1.2. */
function addressOf(uri: string, mode: 'query' | 'fragment', parameters: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(parameters).toString();
  if (mode === 'fragment') return `${uri}#${text}`;
  return `${uri}${uri.includes('?') ? '&' : '?'}${text}`;
}
