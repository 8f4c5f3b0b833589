import type { EntityManager } from '@postern/database';
import { ClientSettingsEntity } from './client-settings.entity.ts';
import { type ClientSettings, CONTRACT_SETTINGS } from './client-settings.ts';

/** The settings of a provider's client; the defaults where it has no row. */
export async function findClientSettings(em: EntityManager, provider: number): Promise<ClientSettings> {
  const row = await em.findOne(ClientSettingsEntity, provider);
  if (!row) return CONTRACT_SETTINGS;
  const { provider: _key, tenant: _tenant, created: _created, updated: _updated, jwks, ...settings } = row;
  return { ...settings, jwks: jwks ?? undefined };
}

/** Stores the settings of a provider's client, over those that it may have. */
export async function storeClientSettings(
  em: EntityManager,
  provider: number,
  settings: ClientSettings,
): Promise<void> {
  const row = {
    ...settings,
    provider,
    jwks: settings.jwks ?? null,
    responseTypes: [...settings.responseTypes],
    grantTypes: [...settings.grantTypes],
    postLogoutRedirectUris: [...settings.postLogoutRedirectUris],
    resources: [...settings.resources],
    exchangeAudiences: [...settings.exchangeAudiences],
  };
  await em.upsert(ClientSettingsEntity, { ...row, updated: new Date() });
}
