import type { providers } from '@postern/proto';
import { PROMPTS, RESPONSE_MODES, responseKind } from '../vocabulary.ts';
import type { Parameters } from './authorization.ts';

/** Reads an authorization request. Nothing is refused here: what cannot be read is kept for the step that minds it. */
export function parseParameters(request: providers.AuthorizeRequest): Parameters {
  const kind = responseKind(request.response_type);
  const mode = RESPONSE_MODES.find((each) => each === request.response_mode) ?? kind?.mode ?? 'query';
  return {
    responseType: request.response_type,
    kind,
    mode,
    clientId: request.client_id,
    redirectUri: request.redirect_uri,
    scopes: words(request.scope),
    state: given(request.state),
    nonce: given(request.nonce),
    challenge: given(request.code_challenge),
    challengeMethod: given(request.code_challenge_method),
    prompts: PROMPTS.filter((prompt) => words(request.prompt).includes(prompt)),
    maxAge: request.max_age === '' ? undefined : seconds(request.max_age),
    loginHint: given(request.login_hint),
    request: given(request.request),
    requestUri: given(request.request_uri),
  };
}

/** The query string of a request, for one that came as a form. */
export function queryOf(request: providers.AuthorizeRequest): string {
  const entries = Object.entries(request).filter(([, value]) => value !== '');
  return new URLSearchParams(entries).toString();
}

function words(text: string): string[] {
  return [...new Set(text.split(' ').filter(Boolean))];
}

function given(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function seconds(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}
