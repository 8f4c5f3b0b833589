import { defineConfig, text } from '@postern/config';

/** Settings of the directory. */
export const directorySettings = defineConfig({
  bootstrapEmail: text('E-mail address of the first administrator, `akadmin`.', 'root@example.com'),
});
