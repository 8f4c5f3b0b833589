import type { providers } from '@postern/proto';

/** An authorization request as it was sent, whichever way: RFC 6749, section 4.1.1. Empty for what is absent. */
export type AuthorizationRequest = Omit<providers.AuthorizeRequest, 'request' | 'request_uri'>;

const NAMES = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'response_mode',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'max_age',
  'login_hint',
  'id_token_hint',
  'display',
  'ui_locales',
  'claims',
  'acr_values',
  'dpop_jkt',
] as const satisfies readonly (keyof AuthorizationRequest)[];

/** The parameters that count of something that may hold more, such as the secret of a client. */
export function requestOf(given: AuthorizationRequest): AuthorizationRequest {
  const { resource } = given;
  return { ...texts((name) => given[name]), resource: [...resource] };
}

/** A request out of the claims of a request object, where numbers and objects stand as such: RFC 9101, section 4. */
export function requestOfClaims(claims: Readonly<Record<string, unknown>>): AuthorizationRequest {
  const { resource = [] } = claims;
  const resources = Array.isArray(resource) ? resource : [resource];
  return { ...texts((name) => textOf(claims[name])), resource: resources.map(textOf) };
}

/** The query string of a request, for one that came as a form. */
export function queryOf(given: providers.AuthorizeRequest): string {
  const { resource, ...rest } = given;
  const query = new URLSearchParams(Object.entries(rest).filter(([, value]) => value !== ''));
  for (const each of resource) query.append('resource', each);
  return query.toString();
}

/** The parameter that a query string has twice, if any: RFC 6749, section 3.1. Resources may be several (RFC 8707, section 2). */
export function repeatedIn(query: string): string | undefined {
  const names = [...new URLSearchParams(query).keys()];
  return names.find((name, at) => names.indexOf(name) !== at && isKnown(name));
}

function isKnown(name: string): boolean {
  return name === 'request' || name === 'request_uri' || NAMES.some((each) => each === name);
}

function texts(textIn: (name: (typeof NAMES)[number]) => string): Omit<AuthorizationRequest, 'resource'> {
  return {
    response_type: textIn('response_type'),
    client_id: textIn('client_id'),
    redirect_uri: textIn('redirect_uri'),
    scope: textIn('scope'),
    state: textIn('state'),
    nonce: textIn('nonce'),
    response_mode: textIn('response_mode'),
    code_challenge: textIn('code_challenge'),
    code_challenge_method: textIn('code_challenge_method'),
    prompt: textIn('prompt'),
    max_age: textIn('max_age'),
    login_hint: textIn('login_hint'),
    id_token_hint: textIn('id_token_hint'),
    display: textIn('display'),
    ui_locales: textIn('ui_locales'),
    claims: textIn('claims'),
    acr_values: textIn('acr_values'),
    dpop_jkt: textIn('dpop_jkt'),
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
