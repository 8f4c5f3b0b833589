/** Where somebody signs in to come back to this very page. */
export function signInAddress({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): string {
  return `/flows/-/default/authentication/?next=${encodeURIComponent(pathname + hash)}`;
}

/** Where somebody signs out. */
export const SIGN_OUT_ADDRESS = '/flows/-/default/invalidation/';
