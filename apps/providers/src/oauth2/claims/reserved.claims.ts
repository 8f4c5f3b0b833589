/**
 * Claims that no mapping makes. By them a client, or whoever is shown a token, decides whether to believe it, whom it speaks of and who may
 * present it: RFC 7519, section 4.1; OpenID Connect Core, sections 2 and 3.3.2.11; RFC 7800 (`cnf`); RFC 8693 (`act`, `may_act`); OpenID
 * Connect Back-Channel Logout, section 2.4 (`sid`, `events`).
 */
const RESERVED: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'auth_time',
  'acr',
  'amr',
  'azp',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'sid',
  'cnf',
  'act',
  'may_act',
  'events',
  'uid',
]);

/** Whether a mapping may make this claim. */
export function isReserved(claim: string): boolean {
  return RESERVED.has(claim);
}

/** The claims that a mapping may make. */
export function withoutReserved(claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !RESERVED.has(name)));
}
