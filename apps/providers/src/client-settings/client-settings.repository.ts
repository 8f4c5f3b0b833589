import type { EntityManager } from '@postern/database';
import { ClientSettingsEntity, type ClientSettingsRow } from './client-settings.entity.ts';
import { type ClientSettings, CONTRACT_SETTINGS } from './client-settings.ts';

/** The settings of a provider's client; the defaults where it has no row. */
export async function findClientSettings(em: EntityManager, provider: number): Promise<ClientSettings> {
  const row = await em.findOne(ClientSettingsEntity, provider);
  return row ? settingsOf(row) : CONTRACT_SETTINGS;
}

/** The settings that a row holds. */
export function settingsOf(row: ClientSettingsRow): ClientSettings {
  const { provider: _key, tenant: _tenant, created: _created, updated: _updated, jwks, ...settings } = row;
  return { ...settings, jwks: jwks ?? undefined };
}

/** Whether somebody set the settings of a provider's client. */
export async function hasClientSettings(em: EntityManager, provider: number): Promise<boolean> {
  return (await em.count(ClientSettingsEntity, { provider })) > 0;
}

/** Takes the settings of a provider's client back. */
export async function removeClientSettings(em: EntityManager, provider: number): Promise<void> {
  await em.nativeDelete(ClientSettingsEntity, { provider });
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
