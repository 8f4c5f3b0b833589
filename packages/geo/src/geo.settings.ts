import { defineConfig, text } from '@postern/config';

/** Settings of places. */
export const GEO_SETTINGS = {
  geoip: defineConfig({
    city: text('File of a MaxMind City database (`.mmdb`), to show where clients are. Read again when it changes.'),
  }),
};
