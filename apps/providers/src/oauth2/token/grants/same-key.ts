import { oauth2Errors } from '../../oauth2.errors.ts';

/** RFC 9449, sections 5 and 10: what is bound to a key is redeemed by whoever proves to hold it. Throws INVALID_GRANT. */
export function requireSameKey(jkt: string | undefined, proven: { readonly jkt: string } | undefined): void {
  if (jkt !== undefined && jkt !== proven?.jkt) throw oauth2Errors.INVALID_GRANT();
}
