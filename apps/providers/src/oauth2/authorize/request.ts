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
  const names = [...new URLSearchParams(query).keys()].filter((name) => name !== 'resource');
  return names.find((name, at) => names.indexOf(name) !== at && isKnown(name));
}

function isKnown(name: string): boolean {
  return name === 'request' || name === 'request_uri' || NAMES.some((each) => each === name);
}

function texts(valueOf: (name: (typeof NAMES)[number]) => string): Omit<AuthorizationRequest, 'resource'> {
  return {
    response_type: valueOf('response_type'),
    client_id: valueOf('client_id'),
    redirect_uri: valueOf('redirect_uri'),
    scope: valueOf('scope'),
    state: valueOf('state'),
    nonce: valueOf('nonce'),
    response_mode: valueOf('response_mode'),
    code_challenge: valueOf('code_challenge'),
    code_challenge_method: valueOf('code_challenge_method'),
    prompt: valueOf('prompt'),
    max_age: valueOf('max_age'),
    login_hint: valueOf('login_hint'),
    id_token_hint: valueOf('id_token_hint'),
    display: valueOf('display'),
    ui_locales: valueOf('ui_locales'),
    claims: valueOf('claims'),
    acr_values: valueOf('acr_values'),
    dpop_jkt: valueOf('dpop_jkt'),
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
