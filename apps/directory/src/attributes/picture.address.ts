/** Schemes of addresses that show a picture. */
const PICTURED = /^(https?:|data:image\/(png|jpeg|gif|webp|svg\+xml|x-icon|vnd\.microsoft\.icon)[;,])/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Whether pages may show what is at an address as a picture: http(s), a path on this host, or the picture itself. Browsers skip white space and
 * control characters before a scheme and in it.
 */
export function isPictureAddress(address: string): boolean {
  const read = address.replaceAll(/[^!-\u{10ffff}]/gu, '');
  return read !== '' && (PICTURED.test(read) || !SCHEME.test(read));
}
