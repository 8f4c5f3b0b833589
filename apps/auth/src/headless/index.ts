/**
 * The headless sign-in API: the same people, credentials, counters and sessions as the flows, for front ends of others. A request is a visit
 * to a session; what it changes is stored at once, or not at all. Decision 243.
 */

export { HEADLESS_MIGRATIONS } from './headless.migrations.ts';
export { createHeadless } from './headless.wiring.ts';
export { SESSION_ID_COOKIE } from './session.tokens.ts';
export { declaredSettings } from './settings.codec.ts';
