import { defineEntity, type InferEntity, type PlainRow, p, tenantTable } from '@postern/database';
import type { JsonObject } from '../attributes/index.ts';
import { User } from '../users/index.ts';

/** An account of a user at an identity provider. */
export const SocialAccount = defineEntity({
  name: 'SocialAccount',
  tableName: 'social_account',
  properties: {
    ...tenantTable(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    /** Key of the source, which `providers` keeps. */
    source: p.uuid(),
    uid: p.string().length(255),
    display: p.string().length(255).default(''),
    details: p.json<JsonObject>().defaultRaw(`'{}'`),
    lastUsed: p.datetime().nullable(),
    /** Key for APIs that have numbers; the table counts. */
    number: p.integer().generated('identity').default(0),
  },
  uniques: [{ name: 'social_account__uid', properties: ['tenant', 'source', 'uid'] }],
});

export type SocialAccountEntity = InferEntity<typeof SocialAccount>;

/** An account as lists read it. */
export type SocialAccountRow = PlainRow<SocialAccountEntity>;
