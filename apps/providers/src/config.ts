import { type ConfigOf, defineConfig } from '@postern/config';
import { EGRESS_SETTINGS } from '@postern/egress';
import { MEDIA_SETTINGS } from './media/index.ts';

/** Settings of the service of providers. */
export const providersSettings = defineConfig({
  egress: defineConfig(EGRESS_SETTINGS),
  media: defineConfig(MEDIA_SETTINGS),
});

export type ProvidersConfig = ConfigOf<typeof providersSettings>;
