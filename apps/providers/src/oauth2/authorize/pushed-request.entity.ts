import { defineEntity, p, tenantTable } from '@postern/database';
import type { Provenance } from './authorization.ts';
import type { AuthorizationRequest } from './request.ts';

/** An authorization request that waits for its browser: RFC 9126. Found by the hash of its address, consumed once. */
export const PushedRequestEntity = defineEntity({
  name: 'OAuth2PushedRequest',
  tableName: 'oauth2_pushed_request',
  properties: {
    ...tenantTable(),
    provider: p.integer().name('provider_pk'),
    hash: p.text(),
    request: p.json().$type<AuthorizationRequest>(),
    provenance: p.json().$type<Provenance>(),
    expires: p.datetime(),
  },
});
