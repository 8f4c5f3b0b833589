import { defineEntity, type InferEntity, p, secret } from '@postern/database';
import { SourceEntity } from '../source.entity.ts';

/** A sign-in at another OAuth 2 or OpenID Connect server. */
export const OAuthSourceEntity = defineEntity({
  name: 'OAuthSource',
  extends: SourceEntity,
  discriminatorValue: 'oauth',
  properties: {
    providerType: p.text(),
    requestTokenUrl: p.text().nullable(),
    authorizationUrl: p.text().nullable(),
    accessTokenUrl: p.text().nullable(),
    profileUrl: p.text().nullable(),
    consumerKey: p.text(),
    consumerSecret: secret('source.consumer_secret'),
    additionalScopes: p.text().default(''),
    oidcWellKnownUrl: p.text().default(''),
    oidcJwksUrl: p.text().default(''),
    /** Keys that sign its tokens: RFC 7517, section 5. */
    oidcJwks: p.json<Record<string, unknown>>().defaultRaw(`'{}'`),
  },
});

export type OAuthSourceRow = InferEntity<typeof OAuthSourceEntity>;
