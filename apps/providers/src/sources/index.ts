/** Other sign-ins that people may come from: one table, one folder per kind. */

export { OAuthSourceEntity, type OAuthSourceRow } from './oauth/oauth-source.entity.ts';
export { SourceEntity, type SourceRow, type UserMatchingMode } from './source.entity.ts';
