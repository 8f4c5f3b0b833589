/** Clients for the tests of the protocol. */

import { randomUUID } from 'node:crypto';
import type { Database, EntityManager } from '@postern/database';
import { ApplicationEntity } from '../applications/index.ts';
import { type ClientSettings, ClientSettingsEntity, CONTRACT_SETTINGS } from '../client-settings/index.ts';
import { CertificateKeyPairEntity } from '../keys/index.ts';
import { ScopeMappingEntity } from '../property-mappings/index.ts';
import { OAuth2ProviderEntity } from '../providers/index.ts';
import { bundledScopes } from '../testing/bundled-scopes.fixture.ts';

/** Where answers go in these tests. */
export const CALLBACK = 'https://app.example/cb';

export type ClientOptions = Partial<{
  redirectUris: string;
  clientType: 'confidential' | 'public';
  clientSecret: string;
  issuerMode: 'global' | 'per_provider';
  subMode: 'hashed_user_id' | 'user_id' | 'user_uuid' | 'user_username' | 'user_email' | 'user_upn';
  includeClaimsInIdToken: boolean;
  accessTokenValidity: string;
  /** Certificate and key, PEM. */
  keys: { certificate: string; key: string };
  application: boolean;
  /** What the client may do beyond the contract; the defaults without any. */
  settings: Partial<ClientSettings>;
  /** Programs of further mappings, by scope. */
  programs: Readonly<Record<string, string>>;
  tenant: string;
}>;

type Home = { db: Database; tenant: string };

/** Adds a provider with its application; its secret is `<name> secret`. */
export async function addClient({ db, tenant }: Home, name: string, options: ClientOptions = {}): Promise<void> {
  const { keys, application = true, programs = {}, tenant: where = tenant, settings, ...provider } = options;
  await db.write({ tenant: where }, async (em) => {
    const mappings = await managedScopes(em);
    for (const [scopeName, expression] of Object.entries(programs))
      mappings.push(
        em.create(ScopeMappingEntity, { kind: 'scope', name: `${name} ${scopeName}`, scopeName, expression }),
      );
    const pair = keys && { name, certificateData: keys.certificate, keyData: keys.key, keyType: 'any' };
    const row = em.create(OAuth2ProviderEntity, {
      kind: 'oauth2',
      name,
      clientId: name,
      clientSecret: `${name} secret`,
      redirectUris: CALLBACK,
      authorizationFlow: randomUUID(),
      propertyMappings: mappings.map(({ pk }) => pk),
      ...provider,
      ...(pair ? { signingKey: em.create(CertificateKeyPairEntity, pair) } : {}),
    });
    if (settings) await addSettings(em, row, settings);
    if (application) em.create(ApplicationEntity, { name: `App ${name}`, slug: name, provider: row });
  });
}

async function addSettings(em: EntityManager, row: { pk: number }, settings: Partial<ClientSettings>): Promise<void> {
  await em.flush();
  const draft = { ...CONTRACT_SETTINGS, ...settings };
  em.create(ClientSettingsEntity, {
    provider: row.pk,
    ...draft,
    jwks: draft.jwks ?? null,
    responseTypes: [...draft.responseTypes],
    grantTypes: [...draft.grantTypes],
    postLogoutRedirectUris: [...draft.postLogoutRedirectUris],
    resources: [...draft.resources],
    exchangeAudiences: [...draft.exchangeAudiences],
  });
}

/** The platform's mappings, once per tenant. */
async function managedScopes(em: EntityManager) {
  const known = await em.find(ScopeMappingEntity, { managed: { $ne: null } });
  if (known.length > 0) return known;
  return (await bundledScopes()).map((each) => em.create(ScopeMappingEntity, { kind: 'scope', ...each }));
}
