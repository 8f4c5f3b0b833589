import { defineConfig, text } from '@postern/config';

/** Settings of places. */
export const GEO_SETTINGS = {
  geoip: defineConfig({
    city: text(
      'File of a MaxMind City database (`.mmdb`), to note where the clients of events are. Read again when it changes.',
    ),
  }),
};
