import type { IssuerMode } from './oauth2-provider.entity.ts';

/** Where the platform is reached, as the client of a request named it. */
export type Origin = { readonly scheme: string; readonly host: string };

/** Addresses of the protocol. Those that name the application are undefined for a provider without one. */
export type Endpoints = {
  readonly issuer?: string;
  readonly authorize: string;
  readonly token: string;
  readonly userInfo: string;
  readonly introspect: string;
  readonly revoke: string;
  readonly device: string;
  readonly push: string;
  readonly discovery?: string;
  readonly endSession?: string;
  readonly jwks?: string;
};

/** `https://login.example`, without a slash at its end. */
function baseOf({ scheme, host }: Origin): string {
  return `${scheme || 'https'}://${host}`;
}

/** The issuer of a provider's tokens: the platform, or the application's own address. */
export function issuerOf(origin: Origin, slug: string, mode: IssuerMode): string {
  return mode === 'global' ? `${baseOf(origin)}/` : `${baseOf(origin)}/application/o/${slug}/`;
}

/** Every address of a provider. */
export function endpointsOf(origin: Origin, slug: string | undefined, mode: IssuerMode): Endpoints {
  const base = `${baseOf(origin)}/application/o`;
  const shared = {
    authorize: `${base}/authorize/`,
    token: `${base}/token/`,
    userInfo: `${base}/userinfo/`,
    introspect: `${base}/introspect/`,
    revoke: `${base}/revoke/`,
    device: `${base}/device/`,
    push: `${base}/par/`,
  };
  if (slug === undefined) return shared;
  return {
    ...shared,
    issuer: issuerOf(origin, slug, mode),
    discovery: `${base}/${slug}/.well-known/openid-configuration`,
    endSession: `${base}/${slug}/end-session/`,
    jwks: `${base}/${slug}/jwks/`,
  };
}
