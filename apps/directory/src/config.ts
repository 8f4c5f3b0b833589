import { defineConfig, secret, text } from '@postern/config';

/** Settings of the directory. */
export const directorySettings = defineConfig({
  bootstrapEmail: text('E-mail address of the first administrator, `akadmin`.', 'root@example.com'),
  tenants: defineConfig({
    apiKey: secret('Key that opens `/api/v3/tenants/`, as a bearer. Without one these paths lead nowhere.'),
  }),
});
