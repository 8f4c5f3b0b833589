import type { FactorVisit } from '../devices/index.ts';

/** Whom passkeys are made for: this server, under the name by which the browser reached it (WebAuthn Level 3, sections 5.1.2 and 13.4.9). */
export type RelyingParty = {
  /** Name of the host, without a port. */
  readonly id: string;
  /** Scheme, host and port as browsers write them: of the request, and of others whose pages may ask. */
  readonly origins: readonly string[];
};

/** The relying party of a request. Throws TypeError for a host that is none. */
export function relyingPartyOf({ request, origins = [] }: Pick<FactorVisit, 'request' | 'origins'>): RelyingParty {
  const { scheme, host } = request.client;
  const { hostname, origin } = new URL(`${scheme}://${host}`);
  return { id: hostname, origins: [origin, ...origins] };
}

/** What a passkey keeps to tell whom it is for: says nothing about the person (WebAuthn Level 3, section 14.6.1). */
export function userHandleOf(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', '')).toString('base64url');
}
