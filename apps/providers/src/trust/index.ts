/**
 * What lets a client act at the API as whoever follows a link, and what lets another sign-in say who somebody is: superusers alone set it up, as
 * it opens every account. See docs/decisions/0227.
 */

export { trustErrors } from './trust.errors.ts';
export { createTrustGuard } from './trust.guard.ts';
