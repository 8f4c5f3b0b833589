import { defineEntity, type InferEntity, p, secret, tenantTable } from '@postern/database';
import { Account } from '../accounts/index.ts';

/** Label under which the key of a token is sealed. */
export const TOKEN_KEY = 'token.key';

/** A secret that stands for a user. */
export const Token = defineEntity({
  name: 'Token',
  tableName: 'token',
  properties: {
    ...tenantTable(),
    identifier: p.text(),
    /** Keyed hash of the key: what a presented key is looked up by. */
    keyHash: p.text().hidden(),
    /** The key itself, sealed, because its owner may look at it again. */
    key: secret(TOKEN_KEY).lazy(),
    intent: p.text(),
    user: () => p.manyToOne(Account).deleteRule('cascade'),
    description: p.text().default(''),
    expires: p.datetime().nullable(),
    expiring: p.boolean().default(true),
    managed: p.text().nullable(),
  },
  uniques: [
    { name: 'token__identifier', properties: ['tenant', 'identifier'] },
    { name: 'token__key', properties: ['tenant', 'keyHash'] },
    { name: 'token__managed', properties: ['tenant', 'managed'] },
  ],
});

export type TokenRow = InferEntity<typeof Token>;
