import { defineEntity, type InferEntity, p, secret } from '@postern/database';
import { CertificateKeyPairEntity } from '../../keys/index.ts';
import { ProviderEntity } from '../provider.entity.ts';

/** Whether a client can keep a secret: RFC 6749, section 2.1. */
export type ClientType = 'confidential' | 'public';

/** What names a person in tokens. */
export type SubMode = 'hashed_user_id' | 'user_id' | 'user_uuid' | 'user_username' | 'user_email' | 'user_upn';

/** Whether all providers share one issuer. */
export type IssuerMode = 'global' | 'per_provider';

/** A client of OAuth 2 and OpenID Connect. */
export const OAuth2ProviderEntity = defineEntity({
  name: 'OAuth2Provider',
  extends: ProviderEntity,
  discriminatorValue: 'oauth2',
  properties: {
    clientType: p.text().$type<ClientType>().default('confidential'),
    clientId: p.text(),
    /** Empty for a client that has none. */
    clientSecret: secret('provider.client_secret'),
    /** Durations are texts such as `minutes=1`. */
    accessCodeValidity: p.text().default('minutes=1'),
    accessTokenValidity: p.text().default('hours=1'),
    refreshTokenValidity: p.text().default('days=30'),
    includeClaimsInIdToken: p.boolean().default(true),
    /** Null signs with the client secret. */
    signingKey: () => p.manyToOne(CertificateKeyPairEntity).nullable().deleteRule('set null'),
    /** One per line; an entry that starts with `^` is a regular expression matched in full. */
    redirectUris: p.text().default(''),
    subMode: p.text().$type<SubMode>().default('hashed_user_id'),
    issuerMode: p.text().$type<IssuerMode>().default('per_provider'),
    /** Sources whose keys may sign for the client. */
    jwksSources: p.array().columnType('uuid[]').$type<string[]>().default([]),
  },
});

export type OAuth2ProviderRow = InferEntity<typeof OAuth2ProviderEntity>;
