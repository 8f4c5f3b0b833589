/** Other sign-ins that people may come from: one table, one folder per kind. Kept here; signing in by them is a feature of its own. */

import { referable } from '@postern/database';
import { SourceEntity } from './source.entity.ts';

export { OAuthSourceEntity, type OAuthSourceRow } from './oauth/oauth-source.entity.ts';
export { referableOAuthSources } from './oauth/oauth-source.resource.ts';
export { createOAuthSourceRpc } from './oauth/oauth-source.rpc.ts';
export { sourceType } from './oauth/source-types.ts';
export { SourceEntity, type SourceRow, type UserMatchingMode } from './source.entity.ts';

/** Sources of any kind, as fields refer to them. */
export const referableSources = referable({
  model: 'authentik_core.source',
  entity: SourceEntity,
  title: ({ name }) => name,
});
