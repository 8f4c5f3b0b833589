import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** How people from a source meet users that exist. */
export type UserMatchingMode = 'identifier' | 'email_link' | 'email_deny' | 'username_link' | 'username_deny';

/** Another sign-in of any kind. All kinds share one table, so that a name and a slug are unique across them. */
export const SourceEntity = defineEntity({
  name: 'Source',
  tableName: 'source',
  discriminatorColumn: 'kind',
  discriminatorValue: '',
  properties: {
    // The key is also what policies bind to.
    ...tenantTable(),
    kind: p.text(),
    name: p.text(),
    slug: p.text(),
    enabled: p.boolean().default(true),
    authenticationFlow: p.uuid().nullable(),
    enrollmentFlow: p.uuid().nullable(),
    policyEngineMode: p.text().$type<'all' | 'any'>().default('any'),
    userMatchingMode: p.text().$type<UserMatchingMode>().default('identifier'),
    managed: p.text().nullable(),
    userPathTemplate: p.text().default('goauthentik.io/sources/%(slug)s'),
    /** Address or path; null for none. */
    icon: p.text().nullable(),
  },
});

export type SourceRow = InferEntity<typeof SourceEntity>;
