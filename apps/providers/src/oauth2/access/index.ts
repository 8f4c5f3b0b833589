/** Access tokens that somebody presents. */

export { bearerOf, claimsWithin, findLiveToken } from './bearer.ts';
export { createResolveAccessToken } from './resolve.ts';
