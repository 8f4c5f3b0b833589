/** Access tokens that somebody presents. */

export { bearerOf, claimsWithin, createFindLiveToken, type FindLiveToken } from './bearer.ts';
export { boundKeyOf, createRequireHolder, type RequireHolder } from './holder.ts';
export { createResolveAccessToken } from './resolve.ts';
