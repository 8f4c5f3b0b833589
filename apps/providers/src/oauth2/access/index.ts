/** Access tokens that somebody presents. */

export { bearerOf, claimsWithin, createFindLiveToken, type FindLiveToken } from './bearer.ts';
export { createResolveAccessToken } from './resolve.ts';
