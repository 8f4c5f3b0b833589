import { PROMPTS, RESPONSE_MODES, responseKind, responseTypeOf } from '../vocabulary.ts';
import type { Parameters } from './authorization.ts';
import { readClaims } from './claims.request.ts';
import type { AuthorizationRequest } from './request.ts';

/** Reads an authorization request. Nothing is refused here: what cannot be read is kept for the step that minds it. */
export function parseParameters(request: AuthorizationRequest, repeated?: string): Parameters {
  const responseType = responseTypeOf(request.response_type);
  const kind = responseKind(responseType);
  const asked = RESPONSE_MODES.find((each) => each === request.response_mode);
  const isModeWrong = asked !== undefined && kind !== undefined && !kind.modes.includes(asked);
  return {
    responseType,
    kind,
    mode: (isModeWrong ? undefined : asked) ?? kind?.mode ?? 'query',
    isModeWrong,
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
    idTokenHint: given(request.id_token_hint),
    uiLocales: given(request.ui_locales),
    claims: request.claims === '' ? undefined : readClaims(request.claims),
    resources: [...new Set(request.resource.filter(Boolean))],
    jkt: given(request.dpop_jkt),
    broken: repeated ?? unreadable(request),
  };
}

/** A parameter that holds a NUL, which no text may hold: RFC 6749, appendix A. */
function unreadable(request: AuthorizationRequest): string | undefined {
  return Object.entries(request).find(([, value]) => value.includes('\0'))?.[0];
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
