const RUNS_SCRIPT = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'about:', 'file:']);

/**
 * The absolute form of an address that the browser may be sent to, or undefined when it may not.
 * Schemes of native applications pass (RFC 8252, section 7.1); those that run script or read files do not.
 */
export function safeTarget(to: string, base: string): string | undefined {
  if (to === '' || !URL.canParse(to, base)) return undefined;
  const url = new URL(to, base);
  return RUNS_SCRIPT.has(url.protocol) ? undefined : url.href;
}

/** As `safeTarget`, for addresses that must be a web page. */
export function safeWebTarget(to: string, base: string): string | undefined {
  const target = safeTarget(to, base);
  return target !== undefined && /^https?:/.test(target) ? target : undefined;
}

/** The value of a cookie in a `document.cookie` string. */
export function cookieIn(cookies: string, name: string): string | undefined {
  for (const pair of cookies.split('; ')) {
    if (pair.startsWith(`${name}=`)) return decodeURIComponent(pair.slice(name.length + 1));
  }
  return undefined;
}
