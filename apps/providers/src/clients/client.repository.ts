import type { EntityManager } from '@postern/database';
import { seconds } from '@postern/durations';
import { ApplicationEntity } from '../applications/index.ts';
import { findClientSettings } from '../client-settings/index.ts';
import { CertificateKeyPairEntity, type SigningKeys } from '../keys/index.ts';
import { ScopeMappingEntity } from '../property-mappings/index.ts';
import { OAuth2ProviderEntity, type OAuth2ProviderRow, parseRedirectUris } from '../providers/index.ts';
import { OAuthSourceEntity } from '../sources/index.ts';
import type { ClientApplication, ClientSource, OAuth2Client, ScopeProgram } from './oauth2-client.ts';

/** Finds clients, in the transaction of the caller. */
export type Clients = {
  /** By the name that the protocol calls it. */
  findByClientId(em: EntityManager, clientId: string): Promise<OAuth2Client | undefined>;
  /** By the slug of its application; undefined also when the application has a provider of another kind. */
  findBySlug(em: EntityManager, slug: string): Promise<OAuth2Client | undefined>;
  /** By the key of the provider. */
  find(em: EntityManager, pk: number): Promise<OAuth2Client | undefined>;
};

/** Creates the reader of clients. */
export function createClients({ signingKeys }: { signingKeys: SigningKeys }): Clients {
  async function assemble(em: EntityManager, row: OAuth2ProviderRow | null): Promise<OAuth2Client | undefined> {
    if (!row) return undefined;
    const key = row.signingKey ? await em.findOne(CertificateKeyPairEntity, row.signingKey.pk) : null;
    const application = await applicationOf(em, row.pk);
    return {
      pk: row.pk,
      name: row.name,
      clientId: row.clientId,
      clientType: row.clientType,
      clientSecret: row.clientSecret,
      redirectUris: parseRedirectUris(row.redirectUris),
      accessCodeValidity: seconds(row.accessCodeValidity),
      accessTokenValidity: seconds(row.accessTokenValidity),
      refreshTokenValidity: seconds(row.refreshTokenValidity),
      includeClaimsInIdToken: row.includeClaimsInIdToken,
      subMode: row.subMode,
      issuerMode: row.issuerMode,
      ...(row.authenticationFlow ? { authenticationFlow: row.authenticationFlow } : {}),
      authorizationFlow: row.authorizationFlow ?? '',
      ...(application ? { application } : {}),
      scopes: await scopesOf(em, row.propertyMappings),
      signingKey: key ? signingKeys.read(key) : undefined,
      jwksSources: await sourcesOf(em, row.jwksSources),
      settings: await findClientSettings(em, row.pk),
    };
  }

  return {
    findByClientId: async (em, clientId) =>
      isName(clientId) ? assemble(em, await em.findOne(OAuth2ProviderEntity, { clientId })) : undefined,
    find: async (em, pk) => assemble(em, await em.findOne(OAuth2ProviderEntity, pk)),
    async findBySlug(em, slug) {
      const application = isName(slug) ? await em.findOne(ApplicationEntity, { slug }) : undefined;
      if (!application?.provider) return undefined;
      return assemble(em, await em.findOne(OAuth2ProviderEntity, application.provider.pk));
    },
  };
}

/** What is longer, or holds a NUL, names nobody: headers and tokens may hold what no column does. */
function isName(text: string): boolean {
  return text.length <= 255 && !text.includes('\0');
}

async function applicationOf(em: EntityManager, provider: number): Promise<ClientApplication | undefined> {
  const found = await em.findOne(ApplicationEntity, { provider });
  if (!found) return undefined;
  const { pk, name, slug, policyEngineMode } = found;
  return { pk, name, slug, policyEngineMode };
}

async function scopesOf(em: EntityManager, keys: readonly string[]): Promise<ScopeProgram[]> {
  if (keys.length === 0) return [];
  const rows = await em.find(ScopeMappingEntity, { pk: { $in: [...keys] } }, { orderBy: { name: 'asc' } });
  return rows.map(({ pk, name, managed, scopeName, description, expression }) => ({
    pk,
    name,
    ...(managed ? { managed } : {}),
    scopeName,
    description,
    expression,
  }));
}

async function sourcesOf(em: EntityManager, keys: readonly string[]): Promise<ClientSource[]> {
  if (keys.length === 0) return [];
  const rows = await em.find(OAuthSourceEntity, { pk: { $in: [...keys] } }, { orderBy: { name: 'asc' } });
  return rows.map(({ pk, name, slug, oidcJwks, userPathTemplate }) => ({
    pk,
    name,
    jwks: oidcJwks,
    userPath: userPathTemplate.replaceAll('%(slug)s', slug),
  }));
}
