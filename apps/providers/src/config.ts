import { type ConfigOf, defineConfig, text } from '@postern/config';
import { EGRESS_SETTINGS } from '@postern/egress';
import { MEDIA_SETTINGS } from './media/index.ts';

/** Settings of the service of providers. */
export const providersSettings = defineConfig({
  egress: defineConfig(EGRESS_SETTINGS),
  certDiscoveryDir: text(
    'Folder of the server whose certificates and keys are taken in hourly, for the default tenant. Empty: none is looked into.',
    '/certs',
  ),
  media: defineConfig(MEDIA_SETTINGS),
});

export type ProvidersConfig = ConfigOf<typeof providersSettings>;
