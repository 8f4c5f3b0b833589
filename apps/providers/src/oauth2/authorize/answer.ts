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

/** RFC 6749, section 4.1.2. */
export function codeAnswer(destination: Destination, code: string): Answer {
  return answer(destination, { code });
}

/** RFC 6749, section 4.1.2.1. */
export function errorAnswer(destination: Destination, error: AuthorizationErrorCode, description: string): Answer {
  return answer(destination, { error, error_description: description });
}

/** An error before any page was shown: a redirect, also where the client wants a form. */
export function errorRedirect(destination: Destination, error: AuthorizationErrorCode, description: string): string {
  const mode = destination.mode === 'fragment' ? 'fragment' : 'query';
  const parameters = parametersOf(destination, { error, error_description: description });
  return addressOf(destination.redirectUri, mode, parameters);
}

function answer(destination: Destination, own: Readonly<Record<string, string>>): Answer {
  const { redirectUri, mode } = destination;
  const fields = parametersOf(destination, own);
  if (mode === 'form_post') return { kind: 'form_post', url: redirectUri, fields };
  return { kind: 'redirect', url: addressOf(redirectUri, mode, fields) };
}

function parametersOf({ state, issuer }: Destination, own: Readonly<Record<string, string>>): Record<string, string> {
  return { ...own, ...(state === undefined ? {} : { state }), iss: issuer };
}

/** The address with its own query kept as it is: RFC 6749, section 3.1.2. */
function addressOf(uri: string, mode: 'query' | 'fragment', parameters: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(parameters).toString();
  if (mode === 'fragment') return `${uri}#${text}`;
  return `${uri}${uri.includes('?') ? '&' : '?'}${text}`;
}
