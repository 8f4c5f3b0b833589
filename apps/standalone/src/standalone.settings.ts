import { defineConfig, text } from '@postern/config';

/** Settings of the standalone process alone. */
export const standaloneSettings = defineConfig({
  dataDir: text(
    'Folder of the embedded PostgreSQL and of the generated secret key; relative to where the process was started.',
    './.postern',
  ),
});
