import { MediaFileEntity } from '@postern/resource';
import { ApplicationEntity } from './applications/index.ts';
import { ClientSettingsEntity, clientSettingsMigrations } from './client-settings/index.ts';
import { CertificateKeyPairEntity } from './keys/index.ts';
import { mediaMigrations } from './media/index.ts';
import { resourceMigrations } from './migrations/resource.migrations.ts';
import {
  deviceMigrations,
  logoutMigrations,
  oauth2Entities,
  oauth2Migrations,
  recordMigrations,
} from './oauth2/index.ts';
import { PropertyMappingEntity, ScopeMappingEntity } from './property-mappings/index.ts';
import { OAuth2ProviderEntity, ProviderEntity, ScimProviderEntity } from './providers/index.ts';
import { OAuthSourceEntity, SourceEntity } from './sources/index.ts';

/** Every table of the app. */
export const entities = [
  CertificateKeyPairEntity,
  MediaFileEntity,
  PropertyMappingEntity,
  ScopeMappingEntity,
  SourceEntity,
  OAuthSourceEntity,
  ProviderEntity,
  OAuth2ProviderEntity,
  ScimProviderEntity,
  ApplicationEntity,
  ClientSettingsEntity,
  ...oauth2Entities,
];

/** How the tables came to be, oldest first. */
export const migrations = [
  ...resourceMigrations,
  ...oauth2Migrations,
  ...clientSettingsMigrations,
  ...recordMigrations,
  ...mediaMigrations,
  ...deviceMigrations,
  ...logoutMigrations,
];
