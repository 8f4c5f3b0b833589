import { defineEntity, p, tenantTable } from '@postern/database';
import type { PendingAuthorization } from './authorization.ts';

/** An authorization request whose person is passing a flow. Consumed once, when the flow is done. */
export const RequestEntity = defineEntity({
  name: 'OAuth2Request',
  tableName: 'oauth2_request',
  properties: {
    ...tenantTable(),
    provider: p.integer().name('provider_pk'),
    details: p.json().$type<PendingAuthorization>(),
    expires: p.datetime(),
  },
});
